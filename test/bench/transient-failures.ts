import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Ways in which an attempt fails for a while, and how often each is drawn, in shares. */
export const kindsOfFailure = {
  /** Something that was not foreseen is thrown. */
  thrown: 3,
  /** A dependency is not reached; three in a row open its circuit breaker. */
  unreachable: 2,
  /** A service says to come again later. */
  limited: 2,
  /** It does nothing until the time of the attempt is over. */
  hung: 2,
  /** The worker's process is killed, and with it every attempt that it was at. */
  killed: 1,
} as const;

export type KindOfFailure = keyof typeof kindsOfFailure;

export interface Draw {
  readonly seed: number;
  /** How likely an attempt is to fail, from 0 to 1. */
  readonly probability: number;
}

const kinds = Object.entries(kindsOfFailure).flatMap(([kind, shares]): KindOfFailure[] =>
  Array(shares).fill(kind),
);

/** How an attempt is to fail, or undefined where it is not. The same for the same seed, whatever happens around it. */
export function drawFailure(
  { seed, probability }: Draw,
  activityId: string,
  attempt: number,
): KindOfFailure | undefined {
  const from = createHash('sha256').update(`${seed} ${activityId} ${attempt}`).digest().readInt32BE();
  const random = xoroshiro128plus(from);
  if (uniformInt(random, 0, 999_999) >= probability * 1_000_000) return undefined;
  return kinds[uniformInt(random, 0, kinds.length - 1)];
}
