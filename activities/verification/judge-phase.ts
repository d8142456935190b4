import type { VerdictRequest, VerificationActivities } from '../../libs/contracts/activities.js';
import type { Verdict } from '../../libs/contracts/evidence.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import { attack } from '../../libs/verification/attack/attack.js';
import { CheckList } from '../../libs/verification/check-list.js';
import type { Judged } from '../../libs/verification/judged.js';
import { reExecute } from '../../libs/verification/re-execution/re-execute.js';
import { ownTests } from '../../libs/verification/self-check/own-tests.js';
import { selfCheck } from '../../libs/verification/self-check/self-check.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import type { VerificationDependencies } from './dependencies.js';

/** Raised when a pass checks something else than it did. */
const verifierVersion = '2';

/** Failed checks that travel with the verdict, and the length of each in characters. */
const failuresShown = 5;
const failureLength = 300;

/**
 * Judges the staged output of a phase by the pass of this process, and stores the verdict, signed. What is wrong with
 * the output, or with the bytes that it names, makes a rejection; an error says that the verifier itself could not do
 * its work.
 *
 * @throws HeptadError `InputInvalid` another pass is asked for
 * @throws HeptadError `SandboxUnavailable` there is nowhere to execute; `DependencyUnreachable` (retried)
 */
export const judgePhase =
  (dependencies: VerificationDependencies): VerificationActivities['judgePhase'] =>
  async (request) => {
    const { store, signer, program, pass } = dependencies;
    if (request.pass !== pass)
      throw new HeptadError('InputInvalid', `This process verifies pass ${pass}, not ${request.pass}.`);
    const checks = new CheckList();
    const found = await interruptible((signal) => carryOut(dependencies, request, checks, signal));
    const verdict: Omit<Verdict, 'signature'> = {
      version: 1,
      run: request.run,
      phase: request.phase,
      round: request.round,
      pass,
      verifier: { id: verifierOf(pass), version: verifierVersion, program },
      input: Object.fromEntries(Object.entries(request.input).map(([name, { digest }]) => [name, digest])),
      output: request.output.digest,
      passed: checks.passed,
      checks: checks.checks,
      faults: [...found.faults],
      disagrees: found.disagrees,
    };
    const failures = checks.checks
      .filter(({ ok }) => !ok)
      .map(({ check, says }) => `${check}: ${says}`)
      .map((failure) =>
        failure.length > failureLength ? `${failure.slice(0, failureLength - 1)}…` : failure,
      );
    return {
      pass,
      passed: verdict.passed,
      verdict: await store.putJson(signer.signed(payloadType.verdict, verdict)),
      checks: checks.checks.length,
      disagrees: verdict.disagrees,
      failures: failures.slice(0, failuresShown),
    };
  };

const executedAgain = (item: string, percent: number): Promise<void> =>
  proveStep({ milestone: `${item.slice(0, 80)} executed again`, percent });

type Found = Pick<Verdict, 'faults' | 'disagrees'>;

async function carryOut(
  dependencies: VerificationDependencies,
  request: VerdictRequest,
  checks: CheckList,
  signal: AbortSignal,
): Promise<Found> {
  const { store, trust } = dependencies;
  const judged: Judged = { ...request, store, trust, verified: new Set(), fsverity: new Map(), signal };
  const room = { ...dependencies, signal };
  switch (request.pass) {
    case 'A':
      await selfCheck(judged, checks);
      await ownTests(judged, checks, room);
      return { faults: [], disagrees: false };
    case 'B':
      return { faults: [], ...(await reExecute(judged, checks, { ...room, onItem: executedAgain })) };
    case 'C':
      return { faults: await attack(judged, checks, room), disagrees: false };
  }
}
