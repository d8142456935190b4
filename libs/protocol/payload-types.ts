/** Types of what is signed: part of what a signature covers, so that none is taken for another. */
export const payloadType = {
  verdict: 'application/vnd.heptad.verdict+json',
  record: 'application/vnd.heptad.phase-record+json',
  step: 'application/vnd.heptad.step+json',
  seal: 'application/vnd.heptad.seal+json',
  waiver: 'application/vnd.heptad.waiver+json',
  succession: 'application/vnd.heptad.key-succession+json',
  deletion: 'application/vnd.heptad.deletion+json',
  /** Of in-toto, in DSSE envelopes. */
  statement: 'application/vnd.in-toto+json',
} as const;

export type PayloadType = (typeof payloadType)[keyof typeof payloadType];
