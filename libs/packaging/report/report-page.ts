import { ofKind } from '../../synthesis/report.js';
import { deliveredName } from '../delivered-name.js';
import { agentsSection } from './agents-section.js';
import { candidatesSection } from './candidates-section.js';
import { controlFilesSection } from './control-files-section.js';
import { diffSection } from './diff-section.js';
import { headSection } from './head-section.js';
import { Html, html } from './html.js';
import { findingsSection, risksSection, testsSection } from './measurements-section.js';
import { mergeSection } from './merge-section.js';
import { phasesSection } from './phases-section.js';
import { proofSection } from './proof-section.js';
import type { ReportData } from './report-data.js';
import { reportsSection } from './reports-section.js';
import { resumptionSection } from './resumption-section.js';
import { style } from './style.js';
import { verdictsSection } from './verdicts-section.js';

/**
 * One page for people: what was asked, decided, measured, changed and verified, and what that proves. It loads nothing
 * and runs nothing. It is made before deliver is judged and before the run is sealed, and says so.
 */
export function reportPage(data: ReportData): string {
  const { accepted, judgement, run } = data;
  const all: readonly { id: string; title: string; body: Html | null }[] = [
    { id: 'proof', title: 'What this package proves', body: proofSection(data) },
    { id: 'asked', title: 'What was asked', body: askedSection(data) },
    { id: 'earlier', title: 'What it goes on from', body: resumptionSection(data) },
    { id: 'control', title: 'Procedure and backlog', body: controlFilesSection(data) },
    { id: 'criteria', title: 'Criteria of the decision', body: criteriaSection(data) },
    { id: 'phases', title: 'Phases', body: phasesSection(data) },
    { id: 'candidates', title: 'Candidates', body: candidatesSection(data) },
    { id: 'merge', title: 'Model D', body: mergeSection(data) },
    { id: 'reports', title: 'Reports', body: reportsSection(data) },
    { id: 'tests', title: 'Tests of the subject', body: testsSection(data) },
    { id: 'findings', title: 'Findings', body: findingsSection(data) },
    { id: 'risks', title: 'Risks', body: risksSection(data) },
    { id: 'verdicts', title: 'Verdicts', body: verdictsSection(data) },
    { id: 'agents', title: 'Agents and sandboxes', body: agentsSection(data) },
    { id: 'changes', title: 'Changes', body: changesSection(data) },
  ];
  const sections = all.filter(({ body }) => body !== null);
  const { text } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${accepted.captured.title}: ${judgement.decision}</title>
<style>${new Html(style)}</style></head><body>
${headSection(data)}
<nav>${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
${sections.map(
  ({ id, title, body }) => html`<section id="${id}"><h2>${title}</h2>
${body}
</section>
`,
)}<footer><p>This page was made when the package was assembled: before <code>deliver</code> was judged, before anything was signed, and before the run ended. What came after is in <code>attestations</code> and <code>seal</code>. It follows from the evidence of the run alone, so whoever assembles the package again gets the same bytes. Run <code>${run}</code>.</p></footer>
</body></html>
`;
  return text;
}

function askedSection({ accepted }: ReportData): Html {
  const { sentence, input } = accepted.request;
  const { snapshot, integrity, commit } = accepted.captured;
  return html`${sentence !== undefined && html`<p>In words: ${sentence}</p>`}
<pre>${JSON.stringify(input, null, 2)}</pre>
<p>Captured as <code>${snapshot.digest}</code>: ${snapshot.files} files, ${snapshot.bytes} bytes.${integrity !== undefined && html` Integrity checked: <code>${integrity}</code>.`}${commit !== undefined && html` Commit <code>${commit}</code>.`}</p>`;
}

function criteriaSection({ judgement, delivered }: ReportData): Html {
  const { criteria } = delivered.judgement;
  const { length } = delivered.judgement.warnings;
  return html`<p>The phase verify decided <b>${judgement.decision}</b>${
    delivered.standing
      ? html`. The criteria were evaluated again on ${deliveredName(delivered)}: <b>${delivered.judgement.decision}</b>, with ${length} warnings.`
      : html` on the work as it ended, ${deliveredName(delivered)}, with ${length} warnings.`
  }</p>
<div class="scroll"><table><tr><th>Criterion</th><th>Met</th><th>Evidence</th></tr>
${criteria.map(
  ({
    says,
    met,
    evidence,
  }) => html`<tr><td class="mid">${says}</td><td class="${met ? 'yes' : 'no'}">${met ? 'yes' : 'no'}</td><td class="wide">${evidence}</td></tr>
`,
)}</table></div>`;
}

function changesSection({ collected, delivered, patch }: ReportData): Html {
  const { item } = delivered;
  if (delivered.candidate === 'none')
    return html`<p>Nothing is changed: what is delivered are the reports.</p>`;
  const left = ofKind(collected, 'candidate').find((one) => one.item === item)?.report.left ?? [];
  return html`<p>From the captured subject to what is delivered. The changed files themselves are in <code>artifacts/files</code>.</p>
${left.length > 0 && html`<p>Left as they were:</p><ul>${left.map(({ file, reason }) => html`<li><code>${file}</code>: ${reason}</li>`)}</ul>`}
${diffSection(patch)}`;
}
