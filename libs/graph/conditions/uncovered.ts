import type { Expression, FactPath, FactValue, Literal, Operand } from '../../contracts/condition.js';
import type { Scope } from './check-condition.js';
import type { FactType, NumberRange, Shape } from './declared-facts.js';
import { evaluate } from './evaluate.js';
import { occurrences } from './facts-of.js';
import { printFact } from './print-condition.js';

/** Combinations of values that are tried. */
const mostCombinations = 20_000;
/** Comparisons that are evaluated, over all combinations. */
const mostComparisons = 1_000_000;
/** Values looked for in one list: every selection of them is tried. */
const mostListed = 8;
/** Facts that are compared with each other. */
const mostCompared = 3;

/**
 * Facts for which none of these conditions holds, by the fact as it would be written, such as `risk.level`; null where
 * there are none, undefined where that was not decided, because there are too many combinations or the conditions
 * compare facts in a way that no choice of examples stands for.
 *
 * Tried are values at which a comparison can change: those of an enum, true and false, each written number, what is
 * between and beyond, each written text and another one. Facts are taken to be there, except those that a condition
 * asks for by EXISTS; what is left out of the example is not there. `pattern`, `format` and lengths of texts are not
 * regarded, so an example may have a text that the schema would refuse.
 */
export function uncoveredExample(
  expressions: readonly Expression[],
  declared: Scope,
): Record<string, FactValue> | null | undefined {
  const uses = usesOf(expressions);
  shareDeclared(uses, declared);
  const names = new Map(expressions.flatMap(occurrences).map((path) => [path, printFact(path)]));
  const candidates: (readonly [name: string, values: readonly (FactValue | undefined)[]])[] = [];
  const comparisons = expressions.flatMap(leavesOf).length;
  let combinations = 1;
  for (const [name, use] of uses) {
    const values = candidatesFor(use, declared);
    if (!values) return undefined;
    combinations *= values.length;
    if (combinations > mostCombinations || combinations * comparisons > mostComparisons) return undefined;
    candidates.push([name, values]);
  }
  for (let number = 0; number < combinations; number += 1) {
    const facts = combination(number, candidates);
    const lookup = (path: FactPath) => facts.get(names.get(path) ?? '');
    if (!expressions.some((expression) => evaluate(expression, lookup) === true))
      return Object.fromEntries(
        [...facts].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      );
  }
  return null;
}

/** The combination with a number, of which the last fact changes first. */
function combination(
  number: number,
  candidates: readonly (readonly [string, readonly (FactValue | undefined)[]])[],
): Map<string, FactValue | undefined> {
  const chosen: [string, FactValue | undefined][] = [];
  let left = number;
  for (const [name, values] of [...candidates].reverse()) {
    chosen.push([name, values[left % values.length]]);
    left = Math.floor(left / values.length);
  }
  return new Map(chosen.reverse());
}

/** How a fact is used in all of the conditions. */
interface Use {
  readonly path: FactPath;
  /** What it is compared with, in the order of the text; shared with the facts that it is compared with. */
  literals: Set<Literal>;
  /** The facts that are compared with each other, this one too. */
  group: Set<string>;
  /** Literals that are looked for in it, where it is a list. */
  readonly elements: Set<Literal>;
  isList: boolean;
  isAlone: boolean;
  isOrdered: boolean;
  mayBeAbsent: boolean;
  /** A fact is looked for in it, or it in a fact. */
  isBeyond: boolean;
}

function usesOf(expressions: readonly Expression[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const path of expressions.flatMap(occurrences)) {
    const name = printFact(path);
    if (uses.has(name)) continue;
    uses.set(name, {
      path,
      literals: new Set(),
      group: new Set([name]),
      elements: new Set(),
      isList: false,
      isAlone: false,
      isOrdered: false,
      mayBeAbsent: false,
      isBeyond: false,
    });
  }
  const useOf = (side: object): Use | undefined =>
    'fact' in side ? uses.get(printFact(side.fact as FactPath)) : undefined;
  for (const expression of expressions) for (const leaf of leavesOf(expression)) note(leaf, useOf, uses);
  return uses;
}

type Leaf = Exclude<Expression, { op: 'and' | 'or' | 'not' }>;

const leavesOf = (expression: Expression): Leaf[] => {
  if (expression.op === 'and' || expression.op === 'or') return expression.of.flatMap(leavesOf);
  return expression.op === 'not' ? leavesOf(expression.of) : [expression as Leaf];
};

function note(leaf: Leaf, useOf: (side: object) => Use | undefined, uses: ReadonlyMap<string, Use>): void {
  switch (leaf.op) {
    case 'is':
    case 'exists': {
      const use = useOf(leaf);
      if (use && leaf.op === 'is') use.isAlone = true;
      else if (use) use.mayBeAbsent = true;
      return;
    }
    case 'in': {
      const left = useOf(leaf.left);
      const right = useOf(leaf.right);
      if (right) right.isList = true;
      if ('list' in leaf.right) for (const value of leaf.right.list) left?.literals.add(value);
      else if ('value' in leaf.left) right?.elements.add(leaf.left.value);
      else for (const use of [left, right]) if (use) use.isBeyond = true;
      return;
    }
    default: {
      const left = useOf(leaf.left);
      const right = useOf(leaf.right);
      for (const use of [left, right]) if (use && leaf.op !== '==' && leaf.op !== '!=') use.isOrdered = true;
      if (left && right) join(left, right, uses);
      else for (const literal of literalsIn(leaf.left, leaf.right)) (left ?? right)?.literals.add(literal);
    }
  }
}

const literalsIn = (...sides: readonly Operand[]): Literal[] =>
  sides.flatMap((side) => ('value' in side ? [side.value] : []));

/** Facts that are compared with each other have the same values to choose from. */
function join(left: Use, right: Use, uses: ReadonlyMap<string, Use>): void {
  const group = new Set([...left.group, ...right.group]);
  const literals = new Set([...left.literals, ...right.literals]);
  const isOrdered = left.isOrdered || right.isOrdered;
  for (const name of group) {
    const use = uses.get(name);
    if (use) Object.assign(use, { group, literals, isOrdered });
  }
}

/** The type of a fact; one that is not declared may be anything. */
function typeOf({ path: [root = '', ...names] }: Use, declared: Scope): FactType {
  const at = declared(root)?.at(names);
  if (!at) return [{ kind: 'any' }];
  return 'type' in at ? at.type : [];
}

/** What facts that are compared with each other are declared to be, each must be able to be. */
function shareDeclared(uses: ReadonlyMap<string, Use>, declared: Scope): void {
  for (const use of uses.values()) {
    if (use.group.size === 1) continue;
    for (const shape of typeOf(use, declared)) {
      if (shape.kind === 'value') use.literals.add(shape.value);
      if (shape.kind === 'number') for (const bound of boundsOf(shape)) use.literals.add(bound);
    }
  }
}

/** Values that stand for all that a fact may have; undefined where none do. The first ones make the best examples. */
function candidatesFor(use: Use, declared: Scope): (FactValue | undefined)[] | undefined {
  if (use.isBeyond || use.group.size > mostCompared || use.elements.size > mostListed) return undefined;
  const values = new Set<FactValue | undefined>();
  for (const shape of typeOf(use, declared)) {
    const more = valuesOf(shape, use);
    if (!more) return undefined;
    for (const value of more) values.add(value);
  }
  if (use.mayBeAbsent || values.size === 0) values.add(undefined);
  return [...values];
}

function valuesOf(shape: Shape, use: Use): FactValue[] | undefined {
  const others = use.group.size;
  switch (shape.kind) {
    case 'any':
      return valuesOfAny(use);
    case 'value':
      return shape.passing ? [] : [shape.value];
    case 'null':
      return [null];
    case 'boolean':
      return [true, false];
    case 'number':
      return numbersAround(ofType(use.literals, 'number'), shape, others);
    case 'string':
      return use.isOrdered && others > 1 ? undefined : textsAround(ofType(use.literals, 'string'), others);
    case 'list':
      return others > 1 ? undefined : selections([...use.elements]);
    case 'object':
      // It is no fact.
      return [];
  }
}

/** Of a fact without a declared type: values of the types that it is used with. */
function valuesOfAny(use: Use): FactValue[] | undefined {
  const { literals, group, isList, isAlone } = use;
  // The other one may be of any type too.
  if (group.size > 1) return undefined;
  const kinds = new Set([...literals].map((literal) => (literal === null ? 'null' : typeof literal)));
  const shapes: Shape[] = [];
  if (isList) shapes.push({ kind: 'list', of: [] });
  if (kinds.has('string')) shapes.push({ kind: 'string' });
  if (kinds.has('number')) shapes.push({ kind: 'number' });
  if (kinds.has('boolean') || isAlone || (kinds.size === 0 && !isList)) shapes.push({ kind: 'boolean' });
  if (kinds.has('null')) shapes.push({ kind: 'null' });
  const values = shapes.map((shape) => valuesOf(shape, use));
  return values.includes(undefined) ? undefined : values.flatMap((some = []) => some);
}

const ofType = <T extends 'number' | 'string'>(literals: ReadonlySet<Literal>, type: T) =>
  [...literals].filter(
    (literal): literal is Extract<Literal, T extends 'number' ? number : string> => typeof literal === type,
  );

/** Each selection of the elements, the empty one first. */
function selections(elements: readonly Literal[]): Literal[][] {
  const lists: Literal[][] = [[]];
  for (const element of elements) lists.push(...lists.map((list) => [...list, element]));
  return lists;
}

/** The texts, and in each gap of their order another one; so many others that as many facts can all differ. */
function textsAround(texts: readonly string[], others: number): string[] {
  const sorted = [...texts].sort(byCodeUnit);
  const gaps = sorted.map((text, index) => {
    const next = sorted[index + 1];
    const readable = `${text}-`;
    return next === undefined || readable < next ? readable : `${text}\0`;
  });
  const further = Array.from({ length: others }, (_, index) => `other${index === 0 ? '' : index + 1}`);
  return [...texts, ...further, '', ...gaps];
}

const byCodeUnit = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The numbers and bounds, and so many in each gap between them and beyond that as many facts can all differ. */
function numbersAround(literals: readonly number[], range: NumberRange, others: number): number[] {
  const points = [...new Set([...literals, ...boundsOf(range)])].sort((one, other) => one - other);
  if (points.length === 0) points.push(0);
  const found = new Set([...literals, ...points]);
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    for (let place = 1; place <= others; place += 1) {
      // A fact that is compared with this one may be an integer.
      if (range.integer || others > 1)
        for (const near of [Math.floor(point) + place, Math.ceil(point) - place]) found.add(near);
      const part = place / (others + 1);
      if (next !== undefined) found.add(shortest(point, next, part, 1 / (2 * others + 2)));
      const step = place * Math.max(1, Math.abs(point));
      if (index === 0) found.add(point - step);
      if (next === undefined) found.add(point + step);
    }
  }
  return [...found].filter((number) => isIn(range, number));
}

const boundsOf = ({ least, most, above, below }: NumberRange): number[] =>
  [least, most, above, below].filter((bound) => bound !== undefined);

/** A number at a part of the way between two, with as few digits as it may have within a tolerance. */
function shortest(from: number, to: number, part: number, tolerance: number): number {
  const on = (way: number): number => from * (1 - way) + to * way;
  for (let digits = 1; digits < 17; digits += 1) {
    const number = Number(on(part).toPrecision(digits));
    if (number > on(part - tolerance) && number < on(part + tolerance)) return number;
  }
  return on(part);
}

const isIn = ({ integer, least, most, above, below }: NumberRange, number: number): boolean =>
  Number.isFinite(number) &&
  (!integer || Number.isInteger(number)) &&
  number >= (least ?? number) &&
  number <= (most ?? number) &&
  (above === undefined || number > above) &&
  (below === undefined || number < below);
