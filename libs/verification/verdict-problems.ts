import type { PhaseRecord, Verdict } from '../contracts/evidence.js';

/** What a verdict is used for. */
export type VerdictUse = Pick<PhaseRecord, 'run' | 'phase' | 'round' | 'output'> & {
  readonly pass: Verdict['pass'];
  readonly passed: boolean;
};

/** Id of the verifier of a pass, such as `verifier.a`. */
export const verifierOf = (pass: Verdict['pass']): string => `verifier.${pass.toLowerCase()}`;

/** Why a verdict cannot be used there: it is of another run, phase, round, pass or output, or not what it says. */
export function verdictProblems(verdict: Verdict, use: VerdictUse): string[] {
  const problems: string[] = [];
  const same = (what: string, found: unknown, expected: unknown): void => {
    if (found !== expected)
      problems.push(`The verdict's ${what} is ${String(found)}, not ${String(expected)}.`);
  };
  same('run', verdict.run, use.run);
  same('phase', verdict.phase, use.phase);
  same('round', verdict.round, use.round);
  same('output', verdict.output, use.output);
  same('pass', verdict.pass, use.pass);
  same('verifier', verdict.verifier.id, verifierOf(use.pass));
  same('result', verdict.passed, use.passed);
  same(
    'result by its checks',
    verdict.passed,
    verdict.checks.every(({ ok }) => ok),
  );
  return problems;
}
