import { byCodeUnit } from '../subject/order.js';
import { type AnalysedUnit, limitsOf } from './analyse-request.js';
import type { Quantity } from './find-quantities.js';
import { phrasePattern, plainPhrase } from './phrases.js';
import { emptyWords } from './vocabulary.js';

/** Two statements that cannot both hold. The place is that of the second. */
export interface Contradiction {
  readonly rule: 'limit' | 'demand';
  readonly first: AnalysedUnit;
  readonly second: AnalysedUnit;
  /** Offset in the second unit. */
  readonly at: number;
  /** What is said of both, as short texts. */
  readonly says: readonly [string, string];
  readonly text: string;
}

const action =
  /\b(?:must|shall|should|may|can|cannot|will|is|are|has|have|takes?|contains?|needs?|uses?|be|stays?|keeps?|runs?|finish(?:es)?|ends?|responds?|loads?|starts?|returns?|arrives?|answers?|lasts?)\b/i;
// What they add to a number is nothing: "takes 5 seconds" and "is 5 seconds long" measure the same.
const measuring =
  /^(?:must|shall|should|may|can|will|be|is|are|has|have|take|takes|taking|not|last|lasts|contain|contains|stay|stays|keep)$/i;
const pronoun = /^\s*(?:it|this|that|they|these|those|he|she)\b/i;
const empty = new Set(emptyWords);
const demands =
  /\b(must not|mustn't|may not|cannot|can't|shall not|should not|shouldn't|never|do not|don't|must|shall|should|always|has to|have to)\b\s*(?:be\s+)?/i;
const negative = /not|n't|never/i;
const clauses =
  /[,;]\s+|\s(?:and|but)\s+(?=(?:must|never|do not|don't|shall|should|always|may not|cannot)\b)/gi;

// Stands for what a pronoun at the beginning of a paragraph means; nothing is known to be the same.
const unknown = '?';
// Of many different statements on one thing, so many pairs say enough.
const mostPairs = 20;

interface Statement {
  readonly unit: AnalysedUnit;
  readonly at: number;
  readonly text: string;
}
interface Limit extends Statement {
  readonly quantity: Quantity;
}
interface Demand extends Statement {
  readonly topic: string;
  readonly what: string;
  readonly not: boolean;
}

/**
 * Pairs of statements that contradict each other: other limits for one quantity, and a demand beside its negation. Which
 * pairs are found does not depend on the order of the statements.
 */
export function findContradictions(units: readonly AnalysedUnit[]): Contradiction[] {
  const subjects = new Map<number, string>();
  const limits = new Map<string, Limit[]>();
  const wanted = new Map<string, Demand[]>();
  for (const unit of units) {
    const before = unit.follows ? (subjects.get(unit.number - 1) ?? unknown) : unknown;
    subjects.set(unit.number, subjectOf(unit, before));
    for (const quantity of limitsOf(unit)) {
      const topic = topicOf(unit, quantity, before);
      if (topic === '' || topic.startsWith(unknown) || quantity.dimension === '') continue;
      const text = unit.masked.slice(quantity.at, quantity.at + quantity.length).replaceAll(/\s+/g, ' ');
      put(limits, `${quantity.dimension} ${topic}`, { unit, at: quantity.at, text, quantity });
    }
    for (const demand of demandsOf(unit, before)) put(wanted, demand.what, demand);
  }
  return [...[...limits.values()].flatMap(limitPairs), ...[...wanted.values()].flatMap(demandPairs)].sort(
    (a, b) => a.second.number - b.second.number || a.at - b.at,
  );
}

function put<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

function limitPairs(limits: readonly Limit[]): Contradiction[] {
  const distinct = [...new Map(limits.map((limit) => [plainPhrase(limit.text), limit] as const)).entries()]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, limit]) => limit);
  const found: Contradiction[] = [];
  for (const [index, one] of distinct.entries())
    for (const other of distinct.slice(index + 1)) {
      if (compatible(one.quantity, other.quantity)) continue;
      found.push(pairOf('limit', one, other, [plainPhrase(one.text), plainPhrase(other.text)]));
      if (found.length === mostPairs) return found;
    }
  return found;
}

/** One for all that demand the same, and its opposite, of what may be the same. */
function demandPairs(demands: readonly Demand[]): Contradiction[] {
  for (const one of demands.filter(({ not }) => !not)) {
    const other = demands.find(
      ({ not, topic }) =>
        not &&
        topic !== unknown &&
        one.topic !== unknown &&
        (topic === one.topic || topic === '' || one.topic === ''),
    );
    if (other) return [pairOf('demand', one, other, [one.what, `not: ${one.what}`])];
  }
  return [];
}

function pairOf(
  rule: Contradiction['rule'],
  one: Statement,
  other: Statement,
  says: Contradiction['says'],
): Contradiction {
  const isLater = other.unit.number > one.unit.number || (other.unit === one.unit && other.at > one.at);
  const [first, second] = isLater ? [one, other] : [other, one];
  return { rule, first: first.unit, second: second.unit, at: second.at, says, text: second.text };
}

function compatible(a: Quantity, b: Quantity): boolean {
  const upper = (one: Quantity) => one.comparator === 'at most' || one.comparator === 'below';
  const lower = (one: Quantity) => one.comparator === 'at least' || one.comparator === 'above';
  if (upper(a) && lower(b))
    return (
      a.base > b.base || (a.base === b.base && a.comparator === 'at most' && b.comparator === 'at least')
    );
  if (lower(a) && upper(b)) return compatible(b, a);
  if (a.comparator === 'exactly' && upper(b)) return a.base <= b.base;
  if (a.comparator === 'exactly' && lower(b)) return a.base >= b.base;
  if (b.comparator === 'exactly' && a.comparator !== 'exactly') return compatible(b, a);
  return a.base === b.base;
}

/** Words that say something, in their order, plural and singular alike. */
function content(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !empty.has(word))
    .map((word) => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word));
}

/** What a statement is about: the words before its verb. A word that points back stands for what was before. */
function subjectOf({ masked, goal }: AnalysedUnit, before: string): string {
  if (goal?.object) return content(masked.slice(...goal.object)).join(' ');
  if (pronoun.test(masked)) return before;
  const verb = action.exec(masked);
  return verb ? content(masked.slice(0, verb.index)).join(' ') : '';
}

/** What a number measures: the subject, and what is done until then. */
function topicOf(unit: AnalysedUnit, { at }: Quantity, before: string): string {
  const clause =
    unit.masked
      .slice(0, at)
      .split(/[,;]\s/)
      .at(-1) ?? '';
  const { goal } = unit;
  if (goal?.object && goal.object[0] < at)
    return content(unit.masked.slice(goal.object[0], Math.min(at, goal.object[1]))).join(' ');
  const verb = action.exec(clause);
  const subject = pronoun.test(clause)
    ? before
    : content(verb ? clause.slice(0, verb.index) : clause).join(' ');
  if (subject === '') return '';
  const done = (verb ? (clause.slice(verb.index).match(/[\p{L}']+/gu) ?? []) : []).filter(
    (word) => !measuring.test(word),
  );
  return [subject, ...content(done.join(' '))].join(' ');
}

function demandsOf(unit: AnalysedUnit, before: string): Demand[] {
  const found: Demand[] = [];
  let topic = '';
  let from = 0;
  const cuts = [...unit.masked.matchAll(clauses)].map(
    ({ 0: cut, index }) => [index, index + cut.length] as const,
  );
  for (const [to, next] of [...cuts, [unit.masked.length, 0] as const]) {
    const clause = unit.masked.slice(from, to);
    const demand = demands.exec(clause);
    if (demand) {
      const said = pronoun.test(clause) ? before : content(clause.slice(0, demand.index)).join(' ');
      topic = said || topic;
      const what = content(clause.slice(demand.index + demand[0].length).replaceAll(bounds, ' ')).join(' ');
      if (what !== '')
        found.push({
          unit,
          at: from + demand.index,
          topic,
          what,
          not: negative.test(demand[1] ?? ''),
          text: clause.slice(demand.index).replaceAll(/\s+/g, ' ').trim(),
        });
    } else if (unit.goal && from === 0 && unit.goal.object) {
      const what = content(clause.slice(unit.goal.verbAt)).join(' ');
      found.push({ unit, at: unit.goal.verbAt, topic: '', what, not: false, text: clause.trim() });
    }
    from = next;
  }
  return found;
}

// Numbers are compared as limits.
const bounds = phrasePattern(['at most', 'at least']);
