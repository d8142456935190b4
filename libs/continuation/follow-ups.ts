import type { Discovery, Ledger, LedgerEntry } from '../contracts/discovery.js';

/**
 * What was found and left for another run, as that one looks at it: what blocks it there are others of this list, by
 * their new number. What blocked it in the run that found it is done, or will not be.
 *
 * @param isHandedOn whether the other run may have it; what is kept from it blocks nothing there
 */
export function followUps(
  { entries }: Pick<Ledger, 'entries'>,
  isHandedOn: (discovery: Discovery) => boolean,
): Discovery[] {
  const left = entries.filter(
    (entry): entry is LedgerEntry & { discovery: Discovery } =>
      entry.fate === 'follow-up' && entry.discovery !== null && isHandedOn(entry.discovery),
  );
  const numbers = new Map(left.map((entry, index) => [entry.number, index + 1]));
  return left.map((entry) => {
    const first = entry.number - (entry.index ?? 0);
    return {
      ...entry.discovery,
      blockedBy: entry.discovery.blockedBy.flatMap((name) => {
        const nth = /^#(\d+)$/.exec(name)?.[1];
        const named = nth === undefined ? undefined : entries[first + Number(nth) - 2];
        const number = numbers.get(named?.duplicateOf ?? named?.number ?? 0);
        return number === undefined || number >= (numbers.get(entry.number) ?? 0) ? [] : `#${number}`;
      }),
    };
  });
}
