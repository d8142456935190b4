import type { FaultTally, Verdict } from '../../contracts/evidence.js';
import { phaseNumber } from '../../protocol/phases.js';
import type { PhaseEvidence } from '../read-run.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** What each verifier found of each phase, check by check, and how good the verifiers are. */
export function verdictsSection({ evidence }: ReportData): Html {
  return html`<p><b>A</b> checks the output against itself. <b>B</b> does the work again from the same inputs and compares. <b>C</b> attacks: it alters inputs and outputs, forges verdicts, records and signatures, and must see each rejected. One rejection stops the run, unless a person waives it.</p>
${evidence.map(phaseOf)}
${faultsOf(evidence)}
${programs(evidence)}`;
}

function phaseOf({ phase, record, verdicts }: PhaseEvidence): Html {
  return html`<h3>${phaseNumber(phase)} ${phase}</h3>
${verdicts.map(verdictOf)}${record.notRun.map(({ pass, reason }) => html`<p><span class="badge">${pass} did not run</span> ${reason}</p>`)}
`;
}

function verdictOf({ pass, passed, checks, disagrees }: Verdict): Html {
  const failed = checks.filter(({ ok }) => !ok);
  return html`<details${failed.length > 0 && html` open`}><summary><span class="badge ${passed ? 'yes' : 'no'}">${pass} ${passed ? 'accepts' : 'rejects'}</span> ${checks.length} checks${failed.length > 0 && html`, ${failed.length} failed`}${disagrees && html`; it differs from A on a result that is not reproducible`}</summary>
<div class="scroll"><table>${[...failed, ...checks.filter(({ ok }) => ok)].map(
    ({
      check,
      ok,
      says,
    }) => html`<tr><td class="${ok ? 'yes' : 'no'}">${ok ? 'ok' : 'failed'}</td><td><code>${check}</code></td><td class="wide">${says}</td></tr>
`,
  )}</table></div></details>
`;
}

function faultsOf(evidence: readonly PhaseEvidence[]): Html | false {
  const rows = evidence.flatMap(({ phase, record }) => record.faults.map((tally) => ({ phase, tally })));
  if (rows.length === 0) return html`<p class="soft">The records have no figure of seeded faults.</p>`;
  return html`<h3>How good the verifiers are</h3>
<p>Faults of each kind were seeded on purpose, and it was counted which of them each pass saw by itself. What one does not see another has to: pass C rejects a phase where neither A nor B sees a fault, but for what docs/reference/verification.md calls left open.</p>
<div class="scroll"><table><tr><th>Phase</th><th>Kind of fault</th><th>Pass</th><th class="n">seeded</th><th class="n">caught</th></tr>
${rows.map(({ phase, tally }) => faultRow(phase, tally))}</table></div>`;
}

const faultRow = (phase: string, { kind, pass, seeded, caught }: FaultTally): Html =>
  html`<tr><td>${phase}</td><td>${kind}</td><td>${pass}</td><td class="n">${seeded}</td><td class="n">${caught}</td></tr>
`;

/** Which program judged, under which key: to compare with that of a release. */
function programs(evidence: readonly PhaseEvidence[]): Html {
  const lines = new Map<string, Html>();
  for (const { verifier, signature } of evidence.flatMap(({ verdicts }) => verdicts)) {
    const { id, version, program } = verifier;
    const row = html`<tr><td>${id}</td><td>${version}</td><td><code>${program}</code></td><td><code>${signature.keyid}</code></td></tr>
`;
    lines.set(row.text, row);
  }
  return html`<details><summary>Verifiers: programs and keys</summary><div class="scroll"><table><tr><th>Verifier</th><th>Version</th><th>Digest of its program</th><th>Key</th></tr>
${[...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)}</table></div></details>`;
}
