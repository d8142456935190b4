import type { Trust } from '../../crypto/trust.js';
import { handoverProblems } from '../../evidence/handover-problems.js';
import { chainProblems } from '../../evidence/record-problems.js';
import { verificationProblems } from '../../evidence/verification-problems.js';
import { HeptadError } from '../../protocol/errors.js';
import type { PhaseEvidence } from '../read-run.js';
import type { AttestedRun } from './attested-run.js';

/**
 * Refuses to attest what did not pass: every phase must have ended without a failure, in one chain of signed records,
 * and be judged by three verifiers who signed; what one of them rejected, a person must have waived.
 *
 * @throws HeptadError `VerificationFailed` a phase failed, or was rejected and not waived
 * @throws HeptadError `EvidenceInvalid` the records do not count, or are of something else
 * @throws HeptadError `VerdictInvalid` a verdict or a waiver does not count
 */
export function checkEvidence({ run, stagedDigest, evidence }: AttestedRun, trust: Trust): void {
  for (const { phase, record } of evidence) {
    const rejected = record.verdicts.filter(({ passed }) => !passed).map(({ pass }) => pass);
    const why = record.failure
      ? `${phase} failed with ${record.failure.code}`
      : rejected.length > 0 && record.waiver === null && `pass ${rejected.join(', ')} rejected ${phase}`;
    if (why) throw new HeptadError('VerificationFailed', `Nothing is attested of the run ${run}: ${why}.`);
  }
  const records = evidence.map(({ record }) => record);
  refuse('EvidenceInvalid', [
    ...placeProblems(run, evidence),
    ...outputProblems(stagedDigest, evidence),
    ...chainProblems(records, { trust }),
    ...handoverProblems(records),
  ]);
  refuse(
    'VerdictInvalid',
    evidence.flatMap((one) => verificationOf(one, trust)),
  );
}

function placeProblems(run: string, evidence: readonly PhaseEvidence[]): string[] {
  return evidence
    .filter(({ phase, record }) => record.run !== run || record.phase !== phase)
    .map(({ phase, record }) => `The record of ${phase} is one of ${record.phase} of the run ${record.run}.`);
}

function outputProblems(staged: string, evidence: readonly PhaseEvidence[]): string[] {
  const output = evidence.at(-1)?.record.output;
  return output === staged ? [] : [`The record of deliver is of ${output ?? 'nothing'}, not of ${staged}.`];
}

function verificationOf({ phase, record, verdicts, waiver }: PhaseEvidence, trust: Trust): string[] {
  const read = record.verdicts.flatMap(({ verdict }, index) => {
    const found = verdicts[index];
    return found ? [[verdict, found] as const] : [];
  });
  const named = {
    verdicts: new Map(read),
    waivers: new Map(record.waiver !== null && waiver ? [[record.waiver, waiver]] : []),
  };
  return verificationProblems(record, named, trust).map((problem) => `${phase}: ${problem}`);
}

function refuse(code: 'EvidenceInvalid' | 'VerdictInvalid', problems: readonly string[]): void {
  if (problems.length > 0)
    throw new HeptadError(code, `Nothing is attested: ${problems.slice(0, 5).join(' ')}`);
}
