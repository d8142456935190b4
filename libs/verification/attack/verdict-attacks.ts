import type { Verdict } from '../../contracts/evidence.js';
import type { Judged } from '../judged.js';
import { type VerdictUse, verdictProblems, verifierOf } from '../verdict-problems.js';

/** Tries to pass off verdicts that were given elsewhere, or are not what they say, as verdicts on this output. */
export function verdictAttacks({
  run,
  phase,
  round,
  output,
}: Judged): { name: string; rejection: string | null }[] {
  const use: VerdictUse = { run, phase, round, output: output.digest, pass: 'A', passed: true };
  const genuine: Verdict = {
    version: 1,
    run,
    phase,
    round,
    pass: 'A',
    verifier: { id: verifierOf('A'), version: '1' },
    input: {},
    output: output.digest,
    passed: true,
    checks: [{ check: 'schema', ok: true, says: '' }],
  };
  const forged: Readonly<Record<string, Verdict>> = {
    'verdict-of-another-run': { ...genuine, run: `${run}x` },
    'verdict-of-another-phase': { ...genuine, phase: 'deliver' },
    'verdict-of-another-round': { ...genuine, round: round + 1 },
    'verdict-on-another-output': { ...genuine, output: `sha256:${'0'.repeat(64)}` },
    'verdict-of-another-pass': { ...genuine, pass: 'B' },
    'verdict-of-another-verifier': { ...genuine, verifier: { id: verifierOf('C'), version: '1' } },
    'verdict-against-its-checks': { ...genuine, checks: [{ check: 'schema', ok: false, says: '' }] },
    'verdict-turned-around': { ...genuine, passed: false },
  };
  const [refusal] = verdictProblems(genuine, use);
  if (refusal !== undefined) return [{ name: 'verdict-genuine', rejection: null }];
  return Object.entries(forged).map(([name, verdict]) => ({
    name,
    rejection: verdictProblems(verdict, use)[0] ?? null,
  }));
}
