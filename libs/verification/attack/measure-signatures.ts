import type { FaultTally, PhaseRecord, Verdict } from '../../contracts/evidence.js';
import { phaseRecordSchema, verdictSchema } from '../../contracts/evidence.js';
import { Draw } from './seeded-faults.js';

/** Faults of the kind. */
const each = 16;

/** A signed document, and the check that must reject it once a bit of it has changed. */
export type Signed =
  | {
      readonly name: 'verdict';
      readonly document: Verdict;
      readonly problemsOf: (document: Verdict) => string[];
    }
  | {
      readonly name: 'record';
      readonly document: PhaseRecord;
      readonly problemsOf: (document: PhaseRecord) => string[];
    };

/**
 * Flips bits of signatures and of the ids of their keys, and counts how often the checks of verdicts and records
 * rejected it: those that the record and the seal make.
 */
export function measureSignatures(
  seed: string,
  all: readonly Signed[],
): { tally: FaultTally; missed: string[] } {
  const kind = 'signature-altered';
  const draw = new Draw(`${seed} ${kind}`);
  const missed: string[] = [];
  for (let number = 0; number < each; number += 1) {
    const signed = all[number % all.length];
    if (signed && !isRejected(signed, draw)) missed.push(`${kind} of a ${signed.name}`);
  }
  return { tally: { kind, pass: 'C', seeded: each, caught: each - missed.length }, missed };
}

function isRejected(signed: Signed, draw: Draw): boolean {
  switch (signed.name) {
    case 'verdict': {
      const parsed = verdictSchema.safeParse(altered(signed.document, draw));
      return !parsed.success || signed.problemsOf(parsed.data).length > 0;
    }
    case 'record': {
      const parsed = phaseRecordSchema.safeParse(altered(signed.document, draw));
      return !parsed.success || signed.problemsOf(parsed.data).length > 0;
    }
  }
}

function altered<Document extends Verdict | PhaseRecord>(document: Document, draw: Draw): Document {
  const { keyid, sig } = document.signature;
  const [prefix, hex] = [keyid.slice(0, 7), keyid.slice(7)];
  const signature =
    draw.below(4) === 0
      ? { keyid: `${prefix}${flipped(Buffer.from(hex, 'hex'), draw).toString('hex')}`, sig }
      : { keyid, sig: flipped(Buffer.from(sig, 'base64'), draw).toString('base64') };
  return { ...document, signature };
}

function flipped(bytes: Buffer, draw: Draw): Buffer {
  const at = draw.below(bytes.length);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << draw.below(8)), at);
  return bytes;
}
