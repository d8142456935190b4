import { phaseNumber } from '../../protocol/phases.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** What of each phase so far was verified, by which pass, and what was not. */
export function evidenceSection({ records }: ReportData): Html {
  return html`<table>
<tr><th>Phase</th><th class="n">Seconds</th><th>Passes that ran</th><th>Passes that did not</th><th class="n">Attempts</th></tr>
${records.map(
  ({ phase, record, verdicts }) => html`<tr><td>${phaseNumber(phase)} ${phase}</td>
<td class="n">${secondsOf(record.timings)}</td>
<td>${verdicts.map(verdictLine)}</td>
<td>${record.notRun.map(({ pass, reason }) => html`<div>${pass}: ${reason}</div>`)}</td>
<td class="n">${record.attempts.count}${record.attempts.unknown > 0 && html`, ${record.attempts.unknown} with unknown end`}</td></tr>
`,
)}</table>
<p class="soft">Times are measurements of this run; they are no part of what was compared.</p>`;
}

function verdictLine({ pass, passed, checks }: ReportData['records'][number]['verdicts'][number]): Html {
  const failed = checks.filter(({ ok }) => !ok);
  return html`<div><span class="${passed ? 'yes' : 'no'}">${pass} ${passed ? 'accepted' : 'rejected'}</span>, ${checks.length} checks${failed.map(({ check, says }) => html`<br>${check}: ${says}`)}</div>`;
}

function secondsOf({ startedAt, endedAt }: { startedAt: string; endedAt: string }): string {
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return Number.isFinite(ms) ? (ms / 1000).toFixed(1) : '';
}

/** What this page, and the package as it was delivered, does not show. */
export function limitsSection({ records }: ReportData): Html {
  const again = records.some(({ verdicts }) => verdicts.some(({ pass }) => pass === 'B'));
  return html`<ul>
<li>This page was made before deliver was judged, and before conclude. Their records, and the complete histories, are in the folder <code>seal</code> once the run is sealed; without it the package is not yet sealed.</li>
<li>Nothing in this package is signed. Digests find a file that differs from the manifest; whoever rewrites all of them is not found.</li>
<li>Tests show only what they reach: look at the coverage beside them.</li>
${again ? html`<li>Pass B executed agents again on the service's own machines. What both executions get wrong in the same way, it does not see.</li>` : html`<li>No agent was executed a second time.</li>`}
</ul>`;
}
