import type { Attempt } from '../../contracts/evidence.js';
import { phaseNumber } from '../../protocol/phases.js';
import type { PhaseEvidence } from '../read-run.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';
import { duration } from './times.js';

/** What each phase does, for people. */
const phaseSays: Readonly<Record<string, string>> = {
  ingest: 'reads the request, captures the subject',
  assign: 'chooses agents, fetches what the tests need, plans the work',
  execute: 'has agents do the work',
  coordinate: 'collects every result once, settles conflicts',
  verify: 'judges the whole and decides',
};

/** Activities of execute that get a line of their own. */
const mostLines = 60;

/** The phases with what went in and out, and a timeline. */
export function phasesSection({ evidence, merge }: ReportData): Html {
  return html`${timeline(evidence)}
<p class="soft">Times as the service claims them; they are no part of what was compared.</p>
<div class="scroll"><table><tr><th>Phase</th><th>What it does</th><th>Verdicts</th><th class="n">Attempts</th><th>Output</th></tr>
${evidence.map(
  ({
    phase,
    record,
    verdicts,
  }) => html`<tr><td>${phaseNumber(phase)} ${phase}</td><td>${phaseSays[phase]}</td>
<td>${verdicts.map(({ pass, passed }) => html`<span class="badge ${passed ? 'yes' : 'no'}">${pass} ${passed ? 'accepts' : 'rejects'}</span> `)}${record.notRun.map(({ pass }) => html`<span class="badge">${pass} did not run</span> `)}</td>
<td class="n">${record.attempts.count}${record.attempts.unknown > 0 && html`, ${record.attempts.unknown} with unknown end`}</td><td class="of"><code>${record.output?.slice(0, 19) ?? 'none'}…</code></td></tr>
`,
)}<tr class="soft"><td>6 deliver</td><td>${merge && 'merges, '}assembles and signs this package</td><td colspan="3">this page was made before it was judged; see <code>seal</code></td></tr>
<tr class="soft"><td>7 conclude</td><td>accounts for every part, cleans up</td><td colspan="3">after delivery; see <code>seal</code></td></tr>
</table></div>`;
}

interface Span {
  readonly label: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly kind: 'phase' | 'part';
  readonly bad: boolean;
}

function timeline(evidence: readonly PhaseEvidence[]): Html {
  const times = evidence.flatMap(({ record: { timings } }) => [
    Date.parse(timings.startedAt),
    Date.parse(timings.endedAt),
  ]);
  const from = Math.min(...times);
  const length = Math.max(...times) - from;
  if (!(length > 0)) return html`<p class="soft">The records tell of no time that passed.</p>`;
  const percent = (ms: number): string => Math.max(0, Math.min(100, (ms / length) * 100)).toFixed(2);
  return html`<div class="lines">
${evidence.flatMap(spansOf).map(
  ({
    label,
    startedAt,
    endedAt,
    kind,
    bad,
  }) => html`<span class="of ${kind === 'part' && 'sub'}">${label}</span><span class="track"><i class="${kind} ${bad && 'bad'}" style="left:${percent(Date.parse(startedAt) - from)}%;width:${percent(Date.parse(endedAt) - Date.parse(startedAt))}%"></i></span><span class="n">${duration(startedAt, endedAt)}</span>
`,
)}</div>`;
}

function spansOf({ phase, record, attempts }: PhaseEvidence): Span[] {
  const whole: Span = {
    label: `${phaseNumber(phase)} ${phase}`,
    ...record.timings,
    kind: 'phase',
    bad: record.failure !== null,
  };
  if (phase !== 'execute') return [whole];
  return [whole, ...attempts.attempts.flatMap(spanOf).sort(byStart).slice(0, mostLines)];
}

function spanOf({ key, attempt, startedAt, endedAt, outcome }: Attempt): Span[] {
  if (startedAt === null || endedAt === null) return [];
  // `{workflowId}:{item or verb}.{occurrence}`; a local activity has a number of its own.
  const name = key.slice(key.lastIndexOf(':') + 1).replace(/\.(?:1|local-\d+)$/, '');
  const label = attempt > 1 ? `${name}, attempt ${attempt}` : name;
  return [{ label, startedAt, endedAt, kind: 'part', bad: outcome !== 'completed' }];
}

const byStart = (a: Span, b: Span): number =>
  Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.label < b.label ? -1 : 1);
