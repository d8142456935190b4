import { phrasePattern } from './phrases.js';
import { type Comparator, comparators, countedNouns, numberWords, units } from './vocabulary.js';

/** A bounded number. Offsets are within the sentence. */
export interface Quantity {
  readonly at: number;
  readonly length: number;
  readonly comparator: Comparator;
  readonly value: number;
  /** As it was written; empty where none was. */
  readonly unit: string;
  /** What is measured, such as `time` or `line`; quantities of one can be compared. */
  readonly dimension: string;
  /** Whether it is said that it bounds something; where only a number and a unit are written, it is not. */
  readonly bounded: boolean;
  /** The value in the dimension's base. */
  readonly base: number;
}

const number = `(?:\\d+(?:[.,]\\d+)*|${numberWords.join('|')})`;
const bounded = new RegExp(
  `(${phrasePattern(comparators.map(([phrase]) => phrase).filter((phrase) => /\w/.test(phrase))).source}|<=|>=|≤|≥|<|>)` +
    `\\s*:?\\s*(?:about\\s+|of\\s+)?([€$]?)(${number})(?![\\p{L}\\p{N}.]\\S)\\s*(%|€|\\$|\\p{L}+)?`,
  'giu',
);
const bare = new RegExp(`(?<![\\p{L}\\p{N}.,/-])(${number})\\s*(%|\\p{L}+)(?![\\p{L}\\p{N}])`, 'giu');

/** Bounded numbers of a sentence, and those with a unit, which are taken as exact. */
export function findQuantities(masked: string): Quantity[] {
  const found: Quantity[] = [];
  for (const {
    0: all,
    1: phrase = '',
    2: currency = '',
    3: digits = '',
    4: noun = '',
    index,
  } of masked.matchAll(bounded)) {
    const comparator = comparatorOf(phrase);
    const quantity = quantityOf(digits, currency || noun);
    if (!comparator || !quantity) continue;
    // A noun that is no unit still says what is counted.
    const dimension = quantity.dimension || singular(noun);
    found.push({
      ...quantity,
      comparator,
      dimension,
      bounded: true,
      at: index,
      length: all.trimEnd().length,
    });
  }
  for (const { 0: all, 1: digits = '', 2: noun = '', index } of masked.matchAll(bare)) {
    if (found.some(({ at, length }) => index < at + length && at < index + all.length)) continue;
    const quantity = quantityOf(digits, noun);
    // Without a comparison a number word is only counting.
    if (!quantity || quantity.dimension === '' || !/\d/.test(digits)) continue;
    found.push({ ...quantity, comparator: 'exactly', bounded: false, at: index, length: all.length });
  }
  return found.sort((a, b) => a.at - b.at);
}

function comparatorOf(phrase: string): Comparator | undefined {
  const plain = phrase.toLowerCase().replaceAll(/\s+/g, ' ');
  return comparators.find(([written]) => written === plain)?.[1];
}

function quantityOf(
  digits: string,
  unit: string,
): Pick<Quantity, 'value' | 'unit' | 'dimension' | 'base'> | undefined {
  const value = numberOf(digits);
  if (value === undefined) return undefined;
  const name = singular(unit);
  const dimension = Object.keys(units).find((one) => Object.hasOwn(units[one] ?? {}, name));
  if (dimension !== undefined)
    return { value, unit, dimension, base: value * (units[dimension]?.[name] ?? 1) };
  return { value, unit, dimension: countedNouns.includes(name) ? name : '', base: value };
}

function numberOf(digits: string): number | undefined {
  const word = numberWords.indexOf(digits.toLowerCase());
  if (word >= 0) return word;
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits)
    ? digits.replaceAll(',', '')
    : digits.replace(',', '.');
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

const irregular: Readonly<Record<string, string>> = {
  people: 'person',
  persons: 'person',
  retries: 'retry',
  dependencies: 'dependency',
  processes: 'process',
  secs: 'sec',
  mins: 'min',
  hrs: 'h',
};

function singular(noun: string): string {
  const plain = noun.toLowerCase();
  return irregular[plain] ?? (plain.length > 2 && plain.endsWith('s') ? plain.slice(0, -1) : plain);
}
