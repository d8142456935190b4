import { digestOfJson } from '../artifacts/digest-of-json.js';
import type { Attempt, AttemptLog, PhaseRecord } from '../contracts/evidence.js';
import type { Trust } from '../crypto/trust.js';
import type { Digest } from '../protocol/digest.js';
import type { Identity } from '../protocol/identities.js';
import { workflowId } from '../protocol/names.js';
import { stepChainProblems } from './step-problems.js';

/**
 * Why the attempt log that a record names does not count, as sentences: it is not of that phase, its steps are not
 * proofs of progress of its attempts, or they are not signed by who carries such an activity out.
 */
export function attemptLogProblems(
  { attempts, steps }: AttemptLog,
  record: Pick<PhaseRecord, 'run' | 'phase' | 'attempts'>,
  trust: Trust,
): string[] {
  const problems: string[] = [];
  const id = workflowId.phase(record.run, record.phase);
  const unknown = attempts.filter(({ outcome }) => outcome === 'unknown').length;
  if (attempts.length !== record.attempts.count || unknown !== record.attempts.unknown)
    problems.push(
      `It has ${attempts.length} attempts, ${unknown} of them unknown; the record counts ${record.attempts.count} and ${record.attempts.unknown}.`,
    );
  const last = new Map<string, Digest>();
  for (const step of steps) last.set(nameOf(step), digestOfJson(step));
  const known = new Map(attempts.map((attempt) => [nameOf(attempt), attempt]));
  for (const [name, attempt] of known) {
    if (!attempt.key.startsWith(`${id}:`)) problems.push(`The attempt ${name} is not one of ${id}.`);
    if (attempt.lastStep !== (last.get(name) ?? null))
      problems.push(`The attempt ${name} names another last step than the last that it proved.`);
  }
  for (const step of steps) {
    const attempt = known.get(nameOf(step));
    if (!attempt) problems.push(`The step ${step.number} of ${nameOf(step)} is of no attempt that is known.`);
    const signer = trust.find(step.signature.keyid)?.identity;
    if (attempt && signer && signer !== carrierOf(attempt))
      problems.push(
        `The step ${step.number} of ${nameOf(step)} is signed by ${signer}, not by ${carrierOf(attempt)}.`,
      );
  }
  return [...problems, ...stepChainProblems(steps, trust)];
}

const nameOf = ({ key, attempt }: Pick<Attempt, 'key' | 'attempt'>): string => `${key}, ${attempt}`;

const verifiers: Readonly<Record<string, Identity>> = {
  'pass-A': 'verifier.a',
  'pass-B': 'verifier.b',
  'pass-C': 'verifier.c',
};

const onAgents: ReadonlySet<string> = new Set([
  'runAgent',
  'probeAgents',
  'mergeCandidates',
  'cleanUpAgents',
]);

/** The identity whose process carries an activity out. */
function carrierOf({ key, activity }: Attempt): Identity {
  if (onAgents.has(activity)) return 'agents';
  if (activity !== 'judgePhase') return 'producer';
  const [, pass = ''] = /:(pass-[ABC])\.\d+$/.exec(key) ?? [];
  return verifiers[pass] ?? 'producer';
}
