import { passes } from '../../contracts/evidence.js';
import type { ValidationReport } from '../../contracts/reports/candidate.js';
import type { Judgement, Standing } from '../../contracts/reports/synthesis.js';
import { noAgent } from '../../synthesis/report.js';
import { deliveredName } from '../delivered-name.js';
import type { PhaseEvidence } from '../read-run.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';
import { shortTime } from './times.js';

const look: Readonly<Record<Judgement['decision'], string>> = {
  PROCEED: 'yes',
  CONDITIONAL_PROCEED: 'warn',
  BLOCK: 'no',
};

/** What was decided and delivered, what a person has to know first, and the figures at a glance. */
export function headSection(data: ReportData): Html {
  const { accepted, judgement, delivered, evidence } = data;
  const began = evidence[0]?.record.timings.startedAt;
  return html`<header>
<p class="soft">Report of a run</p>
<h1>${accepted.captured.title}</h1>
<p class="soft">Run <code>${data.run}</code> · template ${accepted.request.template.name} ${accepted.request.template.version}${began !== undefined && html` · begun ${shortTime(began)}`}</p>
<div class="top"><span class="badge decision ${look[judgement.decision]}">${judgement.decision}</span><span>Delivered: <b>${deliveredName(delivered)}</b>${delivered.standing && delivered.standing.strategy !== 'merge' && html` (${delivered.standing.strategy})`}.</span></div>
</header>
${evidence.map(waiverNote)}
${
  delivered.insteadOfMerge !== null &&
  html`<div class="note"><h3>The best candidate is delivered, not Model D</h3><p>${delivered.insteadOfMerge}</p></div>
`
}${
  delivered.judgement.warnings.length > 0 &&
  html`<div class="note"><h3>Warnings</h3><ul>${delivered.judgement.warnings.map((warning) => html`<li>${warning}</li>`)}</ul></div>
`
}${cards(data)}`;
}

/** A person's decision against a verifier is the first thing to be read. */
function waiverNote({ phase, waiver, verdicts }: PhaseEvidence): Html | false {
  if (!waiver) return false;
  const rejected = verdicts.filter(({ passed }) => !passed);
  return html`<div class="note stop"><h3>Waived by a person: ${phase}</h3>
<p>${rejected.map(({ pass }) => `Pass ${pass}`).join(', ')} rejected the phase ${phase}. <b>${waiver.by}</b> let it go on at ${shortTime(waiver.at)}, with this reason:</p>
<p>“${waiver.reason}”</p>
<ul>${rejected.flatMap(({ pass, checks }) =>
    checks
      .filter(({ ok }) => !ok)
      .map(({ check, says }) => html`<li>${pass}, <code>${check}</code>: ${says}</li>`),
  )}</ul></div>
`;
}

function cards({ delivered, collected, evidence }: ReportData): Html {
  const { validation, standing } = delivered;
  const verdicts = evidence.flatMap((one) => one.verdicts);
  const accepted = verdicts.filter(({ passed }) => passed).length;
  const faults = evidence.flatMap(({ record }) => record.faults);
  const seen = passes.flatMap((pass) => {
    const own = faults.filter((one) => one.pass === pass);
    const sum = (key: 'seeded' | 'caught'): number => own.reduce((all, one) => all + one[key], 0);
    return own.length > 0 ? [`${pass} ${Math.round((100 * sum('caught')) / sum('seeded'))} %`] : [];
  });
  const reports = collected.filter(({ agent }) => agent !== noAgent).length;
  return html`<ul class="cards">
${validation ? validationCards(validation, standing) : html`<li><b>${reports}</b><span>${reports === 1 ? 'result' : 'results'} of agents; ${delivered.candidate === 'none' ? 'nothing is changed' : 'no tests were run on what is delivered'}</span></li>`}
<li><b class="${accepted === verdicts.length ? 'yes' : 'no'}">${accepted} of ${verdicts.length}</b><span>verdicts of independent verifiers accept</span></li>
${seen.length > 0 && html`<li><b>${seen.join(', ')}</b><span>of the faults that were seeded to test the verifiers, by each pass alone</span></li>`}
</ul>`;
}

function validationCards(validation: ValidationReport, standing: Standing | null): Html {
  const { tests, change, coverage } = validation;
  const findings = standing?.measurements?.findings;
  return html`<li><b class="${tests.failed > 0 ? 'no' : 'yes'}">${tests.passed} of ${tests.passed + tests.failed}</b><span>tests of the subject pass; ${validation.broken.length} that passed before fail${tests.skipped > 0 && html`; ${tests.skipped} skipped`}</span></li>
${findings && html`<li><b>${findings.before} → ${findings.after}</b><span>findings of linters, before and after</span></li>`}
<li><b>+${change.linesAdded} −${change.linesRemoved}</b><span>lines in ${change.files} ${change.files === 1 ? 'file' : 'files'}</span></li>
<li><b>${coverage.functions === null ? 'not counted' : `${coverage.functions} %`}</b><span>of functions are reached by those tests</span></li>`;
}
