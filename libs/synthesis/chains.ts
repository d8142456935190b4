import type { Collected } from './report.js';

type Link = Pick<Collected, 'item' | 'candidate' | 'workedOn' | 'workspace'>;

/**
 * Of results that belong to candidates, the last of each chain of workspaces: those that no other result of the same
 * candidate worked on.
 */
export const lastOfChains = <T extends Link>(results: readonly T[]): T[] =>
  results.filter(
    (one) =>
      !results.some(
        (other) =>
          other !== one &&
          other.workspace !== null &&
          other.candidate === one.candidate &&
          other.workedOn === one.item,
      ),
  );

/** The chain of workspaces that a result of a candidate ends: it, what it worked on, and so on. */
export function chainOf<T extends Link>(last: T, results: readonly T[]): T[] {
  const chain = [last];
  for (let link: T | undefined = last; link !== undefined; ) {
    const { workedOn, candidate }: Link = link;
    link = results.find(
      (one) => one.item === workedOn && one.candidate === candidate && !chain.includes(one),
    );
    if (link) chain.push(link);
  }
  return chain;
}
