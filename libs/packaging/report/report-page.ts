import { candidatesSection, findingsSection, testsSection } from './candidates-section.js';
import { diffSection } from './diff-section.js';
import { evidenceSection, limitsSection } from './evidence-section.js';
import { Html, html } from './html.js';
import type { ReportData } from './report-data.js';
import { style } from './style.js';

/** One page for people: what was asked, decided, measured, changed and verified. It loads nothing and runs nothing. */
export function reportPage(data: ReportData): string {
  const { accepted, judgement, synthesis, best, candidate } = data;
  const { text } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${accepted.captured.title}: ${judgement.decision}</title>
<style>${new Html(style)}</style></head><body>
<h1>${accepted.captured.title}</h1>
<p class="soft">Run <code>${data.run}</code>, template ${accepted.request.template.name} ${accepted.request.template.version}</p>
<p class="decision">${judgement.decision}: candidate ${best.candidate} (${best.strategy})</p>
${warningsOf(data)}
<h2>What was asked</h2>
${accepted.request.sentence !== undefined && html`<p>In words: ${accepted.request.sentence}</p>`}
<pre>${JSON.stringify(accepted.request.input, null, 2)}</pre>
<p>Captured as <code>${accepted.captured.snapshot.digest}</code>: ${accepted.captured.snapshot.files} files, ${accepted.captured.snapshot.bytes} bytes.${accepted.captured.integrity !== undefined && html` Integrity checked: <code>${accepted.captured.integrity}</code>.`}${accepted.captured.commit !== undefined && html` Commit <code>${accepted.captured.commit}</code>.`}</p>
<h2>Criteria of the decision</h2>
<table><tr><th>Criterion</th><th>Met</th><th>Evidence</th></tr>
${judgement.criteria.map(
  ({
    says,
    met,
    evidence,
  }) => html`<tr><td>${says}</td><td class="${met ? 'yes' : 'no'}">${met ? 'yes' : 'no'}</td><td>${evidence}</td></tr>
`,
)}</table>
<h2>Candidates</h2>
${candidatesSection(data)}
<h2>Tests of the subject</h2>
${testsSection(data)}
<h2>Findings</h2>
${findingsSection(data)}
<h2>Risks</h2>
<table><tr><th>Severity</th><th>Risk</th><th>Evidence</th></tr>
${synthesis.synthesis.riskAssessment.map(
  ({ severity, risk, evidence }) => html`<tr><td>${severity}</td><td>${risk}</td><td>${evidence}</td></tr>
`,
)}</table>
<h2>What was verified, and what was not</h2>
${evidenceSection(data)}
${limitsSection(data)}
<h2>Changes</h2>
${candidate && candidate.left.length > 0 && html`<p>Left as they were:</p><ul>${candidate.left.map(({ file, reason }) => html`<li><code>${file}</code>: ${reason}</li>`)}</ul>`}
${diffSection(data.patch)}
</body></html>
`;
  return text;
}

const warningsOf = ({ judgement: { warnings } }: ReportData): Html | false =>
  warnings.length > 0 && html`<ul>${warnings.map((warning) => html`<li class="no">${warning}</li>`)}</ul>`;
