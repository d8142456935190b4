import type { PhaseRecord } from '../../../libs/contracts/evidence.js';
import type { Colors } from '../terminal.js';
import { plain } from './plain.js';
import { table } from './table.js';

export type PhaseVerdicts = Pick<PhaseRecord, 'phase' | 'round' | 'verdicts' | 'notRun'>;

/** Which passes ran on each phase and what they found, and which did not; below it why not. */
export function verdicts(phases: readonly PhaseVerdicts[], colors: Colors): string {
  const columns = [{ head: 'phase' }, { head: 'A' }, { head: 'B' }, { head: 'C' }];
  const rows = phases.map((record) => [
    record.round === 1 ? record.phase : `${record.phase}, round ${record.round}`,
    ...(['A', 'B', 'C'] as const).map((pass) => cell(record, pass)),
  ]);
  const reasons = notRun(phases).map((line) => colors.dim(plain(line)));
  return [table(columns, rows, colors), ...reasons].join('\n');
}

/** Which passes did not run, by reason, and for one reason by the same passes. */
function notRun(phases: readonly PhaseVerdicts[]): string[] {
  const lines = new Map<string, { reason: string; passes: string; of: string[] }>();
  for (const { phase, notRun } of phases)
    for (const reason of new Set(notRun.map((each) => each.reason))) {
      const passes = notRun.filter((each) => each.reason === reason).map(({ pass }) => pass);
      const key = `${passes} ${reason}`;
      const line = lines.get(key) ?? { reason, passes: passes.join(' and '), of: [] };
      lines.set(key, { ...line, of: [...line.of, phase] });
    }
  return [...lines.values()].map(
    ({ reason, passes, of }) => `Not run: ${passes} of ${of.join(', ')}. ${reason}`,
  );
}

function cell(record: PhaseVerdicts, pass: 'A' | 'B' | 'C'): string | null {
  const verdict = record.verdicts.find((each) => each.pass === pass);
  if (verdict !== undefined) return verdict.passed ? 'passed' : 'rejected';
  return record.notRun.some((each) => each.pass === pass) ? 'not run' : null;
}
