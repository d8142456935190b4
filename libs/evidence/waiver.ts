import type { AwaitedWaiver, Waiver } from '../contracts/waiver.js';
import type { Signer } from '../crypto/signer.js';
import type { Trust } from '../crypto/trust.js';
import { payloadType } from '../protocol/payload-types.js';

/** What a waiver must be for: one round of a phase of a run, its output, and the verdicts that did not pass. */
export type WaiverOf = Pick<Waiver, 'run' | 'phase' | 'round' | 'output' | 'verdicts'>;

/** A person's waiver of what a phase waits for, signed. `at` is ISO 8601. */
export function signWaiver(
  person: Signer,
  run: string,
  { phase, round, output, verdicts }: AwaitedWaiver,
  { reason, at }: { readonly reason: string; readonly at: string },
): Waiver {
  const waiver: Omit<Waiver, 'signature'> = {
    version: 1,
    run,
    phase,
    round,
    output,
    verdicts: [...verdicts],
    reason,
    by: person.identity,
    at,
  };
  return person.signed(payloadType.waiver, waiver);
}

/** Why a waiver does not count for something, as sentences; none where it does. */
export function waiverProblems(waiver: Waiver, of: WaiverOf, trust: Trust): string[] {
  const { by } = waiver;
  const problems: string[] = [];
  if (waiver.run !== of.run) problems.push(`It is for the run ${waiver.run}, not for ${of.run}.`);
  if (waiver.phase !== of.phase) problems.push(`It is for ${waiver.phase}, not for ${of.phase}.`);
  if (waiver.round !== of.round) problems.push(`It is for round ${waiver.round}, not for ${of.round}.`);
  if (waiver.output !== of.output)
    problems.push(`It is for the output ${waiver.output}, not for ${of.output}.`);
  if (waiver.verdicts.join() !== [...of.verdicts].sort().join())
    problems.push('It does not name exactly the verdicts that did not pass.');
  if (Number.isNaN(Date.parse(waiver.at))) problems.push('It does not say when it was given.');
  if (!by.startsWith('person:')) problems.push(`It is by ${by}, and only a person may waive.`);
  return [...problems, ...trust.problemsOf(waiver, { type: payloadType.waiver, identity: by })];
}
