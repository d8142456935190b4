import type { RunView } from '../../../libs/contracts/run.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import type { Evidence } from '../client/read-evidence.js';
import type { Colors } from '../terminal.js';
import { candidates } from './candidates.js';
import { duration, elapsed } from './duration.js';
import { plain } from './plain.js';
import { shorten } from './shorten.js';
import { state } from './state.js';
import { table } from './table.js';
import { verdicts } from './verdicts.js';

export interface DemoSummaryOptions {
  readonly colors: Colors;
  readonly columns: number;
  /** A line on where the run can be looked at. */
  readonly next: string;
}

/** What the run of the demo was and came to. The last line is `package: PATH` where there is one. */
export function demoSummary(
  view: RunView,
  evidence: Evidence,
  { colors, columns, next }: DemoSummaryOptions,
): string {
  const title = (text: string): string => `\n${colors.bold(text)}`;
  const time = elapsed(view.startedAt, view.closedAt, Date.parse(view.startedAt)) ?? 0;
  const lines = [
    title('Phases'),
    phaseTable(view, colors, columns),
    title('Agents'),
    agentTable(view, evidence, colors),
  ];
  if (evidence.judgement !== null)
    lines.push(
      title('Candidates'),
      candidates(evidence.judgement.standings, evidence.judgement.best, colors),
    );
  if (evidence.records.length > 0) lines.push(title('Verdicts'), verdicts(evidence.records, colors));
  lines.push(
    title('Result'),
    `state     ${state(view.state, colors)}`,
    `decision  ${view.decision ?? 'none'}`,
  );
  lines.push(...unmet(evidence), ...changes(evidence), `time      ${duration(time)}`);
  if (view.failure !== null)
    lines.push(`failure   ${plain(view.failure.message)} [${plain(view.failure.code)}]`);
  lines.push('', next);
  if (view.package !== null) lines.push(`package: ${view.package}`);
  return lines.join('\n');
}

function phaseTable(view: RunView, colors: Colors, columns: number): string {
  const rows = view.phases.map(({ phase, startedAt, endedAt, summary, failure, state: status }) => {
    const span = endedAt === null ? null : elapsed(startedAt, endedAt, 0);
    return {
      name: `${phaseNumber(phase)} ${phase}`,
      status: status === 'completed' ? 'done' : status,
      time: span === null ? '–' : duration(span),
      says: plain(failure === null ? (summary ?? '') : `${failure.code}: ${failure.message}`),
    };
  });
  const taken = Math.max(...rows.map(({ status, time }) => status.length + time.length));
  // The longest name of a phase, and the gaps between the columns.
  const room = columns - taken - '4 coordinate'.length - 3 * 2;
  return table(
    [{ head: 'phase' }, { head: '' }, { head: 'time', align: 'right' }, { head: '' }],
    rows.map(({ name, status, time, says }) => [name, status, time, shorten(says, room)]),
    colors,
  );
}

function agentTable(view: RunView, { records }: Evidence, colors: Colors): string {
  const items = new Map((view.items ?? []).map((item) => [item.id, item]));
  const worked = records.findLast(({ phase }) => phase === 'execute')?.agents ?? [];
  const rows = worked.map(({ item, agent }) => {
    const seen = items.get(item);
    const span = seen?.endedAt ? elapsed(seen.startedAt, seen.endedAt, 0) : null;
    return [item, agent, span === null ? null : duration(span)];
  });
  return table([{ head: 'item' }, { head: 'agent' }, { head: 'time', align: 'right' }], rows, colors);
}

/** Why the decision is not an unconditional one: criteria that are not met, and warnings. */
function unmet({ judgement }: Evidence): string[] {
  if (judgement === null) return [];
  const criteria = judgement.criteria
    .filter(({ met }) => !met)
    .map(({ says, evidence }) => `${says} (${evidence})`);
  return [...criteria, ...judgement.warnings].map((text) => `          ${plain(text)}`);
}

/** What the best candidate changed, and what that did to findings and tests. */
function changes({ judgement, validations, code, infrastructure }: Evidence): string[] {
  const best = judgement?.standings.find(
    ({ candidate, eligible }) => eligible && candidate === judgement.best,
  );
  const validation = best === undefined ? undefined : validations.get(best.item);
  if (validation === undefined) return [];
  const { change, findings, tests, coverage } = validation;
  const lines = [
    `changed   ${change.files} ${change.files === 1 ? 'file' : 'files'}, ${change.linesAdded} lines added, ` +
      `${change.linesRemoved} removed; at most ${change.largestDeletion} in one place without a replacement`,
  ];
  if (code !== null) {
    // The reports may count with different linters; only what both used can be compared.
    const tools = Object.keys(findings.byTool);
    const before = code.byRule
      .filter(({ tool }) => tools.includes(tool))
      .reduce((sum, { count }) => sum + count, 0);
    lines.push(`findings  ${before} → ${findings.all} (${tools.join(', ')})`);
  }
  const baseline = infrastructure === null ? '' : `${infrastructure.baseline.passed} → `;
  const covered =
    coverage.functions === null ? '' : `; they run ${coverage.functions.toFixed(1)} % of the functions`;
  lines.push(`tests     ${baseline}${tests.passed} pass${covered}`);
  return lines;
}
