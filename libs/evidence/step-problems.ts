import { digestOfJson } from '../artifacts/digest-of-json.js';
import type { Step } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import type { Digest } from '../protocol/digest.js';
import type { Identity } from '../protocol/identities.js';
import { payloadType } from '../protocol/payload-types.js';

/** Those that sign steps: what carries activities out. */
const provers: ReadonlySet<Identity> = new Set([
  'producer',
  'agents',
  'verifier.a',
  'verifier.b',
  'verifier.c',
]);

/**
 * Why the steps of activities are not proofs of progress, as sentences: the steps of each activity must be one chain
 * over all its attempts, from number 1 without a gap, never going back, each signed by the one identity that carries
 * the activity out.
 *
 * @param steps of any number of activities, those of each in their order
 */
export function stepChainProblems(steps: readonly Step[], trust: Trust): string[] {
  return [...byKey(steps)].flatMap(([key, chain]) =>
    [...linkProblems(chain), ...signatureProblems(chain, trust)].map(
      (problem) => `Steps of ${key}: ${problem}`,
    ),
  );
}

/** Why the steps of one activity are not one chain, whoever signed them. */
export function linkProblems(chain: readonly Step[]): string[] {
  const problems: string[] = [];
  let before: { readonly step: Step; readonly digest: Digest } | null = null;
  for (const [index, step] of chain.entries()) {
    const what = `the step ${step.number}`;
    if (step.number !== index + 1) problems.push(`${what} stands where ${index + 1} is due.`);
    if (step.previous !== (before?.digest ?? null))
      problems.push(
        `${what} names ${step.previous ?? 'none'} as the one before, not ${before?.digest ?? 'none'}.`,
      );
    if (before && step.key !== before.step.key) problems.push(`${what} is of ${step.key}.`);
    if (before && step.attempt < before.step.attempt)
      problems.push(`${what} is of the attempt ${step.attempt}, after one of ${before.step.attempt}.`);
    if (before && step.percent < before.step.percent)
      problems.push(`${what} goes back from ${before.step.percent} to ${step.percent} percent.`);
    if (before && !(Date.parse(before.step.at) <= Date.parse(step.at)))
      problems.push(`${what} says that it was at ${step.at}, before the one before it.`);
    before = { step, digest: digestOfJson(step) };
  }
  return problems;
}

function signatureProblems(chain: readonly Step[], trust: Trust): string[] {
  const problems: string[] = [];
  const signedBy = new Set<Identity>();
  for (const step of chain) {
    for (const problem of trust.problemsOf(step, { type: payloadType.step, identity: null }))
      problems.push(`the step ${step.number} does not count. ${problem}`);
    const identity = trust.find(step.signature.keyid)?.identity;
    if (identity && !provers.has(identity))
      problems.push(`the step ${step.number} is signed by ${identity}, which carries out no activity.`);
    if (identity) signedBy.add(identity);
  }
  if (signedBy.size > 1)
    problems.push(`they are signed by ${[...signedBy].sort().join(' and ')}, not by one.`);
  return problems;
}

function byKey(steps: readonly Step[]): ReadonlyMap<string, Step[]> {
  const chains = new Map<string, Step[]>();
  for (const step of steps) chains.set(step.key, [...(chains.get(step.key) ?? []), step]);
  return chains;
}
