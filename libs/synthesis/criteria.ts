import type { Judgement, Synthesis } from '../contracts/reports/synthesis.js';
import type { Judged } from './judged.js';
import { count, firstOf } from './order.js';

type Criterion = Judgement['criteria'][number];

/** The criterion that one can go back. */
export const rollbackTested = ({ rollback }: Judged): Criterion => ({
  id: 'rollback.tested',
  says: 'The captured subject is whole, so going back is pointing at it.',
  met: rollback.ok,
  evidence: rollback.says,
});

/** The criterion that no critical conflict is open. */
export function agreed({ synthesis: { conflicts } }: Synthesis): Criterion {
  const open = conflicts.filter(({ severity, resolution }) => severity === 'critical' && resolution === null);
  return {
    id: 'conflicts.critical',
    says: 'No critical conflict is open.',
    met: open.length === 0,
    evidence:
      open.length === 0
        ? `${count(conflicts.length, 'conflict')}, none critical and open.`
        : firstOf(open.map(({ about }) => about)),
  };
}
