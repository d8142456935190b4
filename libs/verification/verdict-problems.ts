import { canonicalJson } from '../artifacts/canonical-json.js';
import type { PhaseRecord, Verdict } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import { payloadType } from '../protocol/payload-types.js';

/** What a verdict is used for. */
export type VerdictUse = Pick<PhaseRecord, 'run' | 'phase' | 'round' | 'input' | 'output'> & {
  readonly pass: Verdict['pass'];
  readonly passed: boolean;
};

const verifiers = { A: 'verifier.a', B: 'verifier.b', C: 'verifier.c' } as const;

/** Id of the verifier of a pass, which is also the identity that signs its verdicts. */
export const verifierOf = (pass: Verdict['pass']): (typeof verifiers)[Verdict['pass']] => verifiers[pass];

/**
 * Why a verdict cannot be used there: it is of another run, phase, round, pass, input or output, not what it says, or
 * not signed by the verifier of its pass.
 */
export function verdictProblems(verdict: Verdict, use: VerdictUse, trust: Trust): string[] {
  const problems: string[] = [];
  const same = (what: string, found: unknown, expected: unknown): void => {
    if (found !== expected)
      problems.push(`The verdict's ${what} is ${String(found)}, not ${String(expected)}.`);
  };
  same('run', verdict.run, use.run);
  same('phase', verdict.phase, use.phase);
  same('round', verdict.round, use.round);
  same('output', verdict.output, use.output);
  same('input', canonicalJson(verdict.input), canonicalJson(use.input));
  same('pass', verdict.pass, use.pass);
  same('verifier', verdict.verifier.id, verifierOf(use.pass));
  same('result', verdict.passed, use.passed);
  same(
    'result by its checks',
    verdict.passed,
    verdict.checks.every(({ ok }) => ok),
  );
  if (verdict.disagrees && (verdict.passed || verdict.pass !== 'B'))
    problems.push('The verdict says that it disagrees, which only one of pass B that has not passed can.');
  if (verdict.faults.length > 0 && verdict.pass !== 'C')
    problems.push('The verdict counts seeded faults, which only one of pass C does.');
  const expected = { type: payloadType.verdict, identity: verifierOf(use.pass) } as const;
  return [...problems, ...trust.problemsOf(verdict, expected)];
}
