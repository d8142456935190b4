import type { VerdictRequest, VerificationActivities } from '../../libs/contracts/activities.js';
import type { Verdict } from '../../libs/contracts/evidence.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { heartbeating } from '../../libs/temporal/heartbeating.js';
import { attack } from '../../libs/verification/attack/attack.js';
import { CheckList } from '../../libs/verification/check-list.js';
import type { Judged } from '../../libs/verification/judged.js';
import { reExecute } from '../../libs/verification/re-execution/re-execute.js';
import { selfCheck } from '../../libs/verification/self-check/self-check.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import type { VerificationDependencies } from './dependencies.js';

/** Raised when a pass checks something else than it did. */
const verifierVersion = '1';

/** Failed checks that travel with the verdict, and the length of each in characters. */
const failuresShown = 5;
const failureLength = 300;

/**
 * Judges the staged output of a phase by one pass, and stores the verdict. What is wrong with the output, or with
 * the bytes that it names, makes a rejection; an error says that the verifier itself could not do its work.
 *
 * @throws HeptadError `InputInvalid` the phase has no such pass; `SandboxUnavailable` B has nowhere to execute
 */
export const judgePhase =
  (dependencies: VerificationDependencies): VerificationActivities['judgePhase'] =>
  async (request) => {
    const checks = new CheckList();
    await heartbeating((signal) => carryOut(dependencies, request, checks, signal));
    const verdict: Verdict = {
      version: 1,
      run: request.run,
      phase: request.phase,
      round: request.round,
      pass: request.pass,
      verifier: { id: verifierOf(request.pass), version: verifierVersion },
      input: Object.fromEntries(Object.entries(request.input).map(([name, { digest }]) => [name, digest])),
      output: request.output.digest,
      passed: checks.passed,
      checks: checks.checks,
    };
    const failures = checks.checks
      .filter(({ ok }) => !ok)
      .map(({ check, says }) => `${check}: ${says}`)
      .map((failure) =>
        failure.length > failureLength ? `${failure.slice(0, failureLength - 1)}…` : failure,
      );
    return {
      pass: request.pass,
      passed: verdict.passed,
      verdict: await dependencies.store.putJson(verdict),
      checks: checks.checks.length,
      failures: failures.slice(0, failuresShown),
    };
  };

async function carryOut(
  dependencies: VerificationDependencies,
  request: VerdictRequest,
  checks: CheckList,
  signal: AbortSignal,
): Promise<void> {
  const { store, scratch } = dependencies;
  const judged: Judged = { ...request, store, verified: new Set(), signal };
  if (request.pass === 'A') return await selfCheck(judged, checks);
  if (request.phase !== 'execute')
    throw new HeptadError('InputInvalid', `The phase ${request.phase} has no pass ${request.pass}.`);
  if (request.pass === 'B') return await reExecute(judged, checks, { ...dependencies, signal });
  return await attack(judged, checks, { scratch, signal });
}
