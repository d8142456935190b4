import type { RunView } from '../../../libs/contracts/run.js';
import { phaseNumber } from '../../../libs/protocol/phases.js';
import { bestOf } from '../../../libs/synthesis/standings.js';
import { type Evidence, standingsOf } from '../client/read-evidence.js';
import type { Colors } from '../terminal.js';
import { candidates, mergedOf } from './candidates.js';
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
  const { standings, best } = standingsOf(evidence);
  if (standings.length > 0)
    lines.push(title('Candidates'), candidates(standings, best, mergedOf(evidence), colors));
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
  if (view.package !== null)
    lines.push(
      `To check the package, offline: npm run -s heptad -- verify ${view.package}`,
      `package: ${view.package}`,
    );
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
function unmet({ judgement: verified, delivery }: Evidence): string[] {
  const judgement = delivery?.judgement ?? verified;
  if (judgement === null) return [];
  const criteria = judgement.criteria
    .filter(({ met }) => !met)
    .map(({ says, evidence }) => `${says} (${evidence})`);
  return [...criteria, ...judgement.warnings].map((text) => `          ${plain(text)}`);
}

/** What the best candidate or Model D changed, and what that did to findings and tests. */
function changes(evidence: Evidence): string[] {
  const { validations, infrastructure } = evidence;
  const { standings, best } = standingsOf(evidence);
  const first = bestOf(standings.filter(({ candidate }) => candidate === best));
  const validation = first === undefined ? undefined : validations.get(first.item);
  if (validation === undefined) return [];
  const { change, tests, coverage } = validation;
  const lines = [
    `changed   ${change.files} ${change.files === 1 ? 'file' : 'files'}, ${change.linesAdded} lines added, ` +
      `${change.linesRemoved} removed; at most ${change.largestDeletion} in one place without a replacement`,
  ];
  if (first?.measurements) {
    const { findings, complexity } = first.measurements;
    lines.push(
      `findings  ${findings.before} → ${findings.after}`,
      `branches  ${complexity.before} → ${complexity.after} (cyclomatic complexity, summed)`,
    );
  }
  const baseline = infrastructure === null ? '' : `${infrastructure.baseline.passed} → `;
  const covered =
    coverage.functions === null ? '' : `; they run ${coverage.functions.toFixed(1)} % of the functions`;
  lines.push(`tests     ${baseline}${tests.passed} pass${covered}`);
  return lines;
}
