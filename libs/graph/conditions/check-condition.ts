import type { Expression, FactPath, FactRefOrList, Literal, Operand } from '../../contracts/condition.js';
import { closestName } from './closest-name.js';
import { type ConditionProblem, excerpt, problemAt } from './condition-problem.js';
import type { DeclaredFacts, FactType, Shape } from './declared-facts.js';
import { factsIn, type ParsedCondition, type PlacedFact } from './parse-condition.js';
import type { Place } from './parse-grammar.js';
import { printFact, printValue } from './print-condition.js';

/** The facts of an item by its id, or of `input`, `result`, `discovery`; undefined where there is none. */
export type Scope = (root: string) => DeclaredFacts | undefined;

/** Values that a sentence lists. */
const mostListed = 20;
/** Problems that are said of one condition. */
const mostProblems = 20;

/**
 * What is wrong with a condition against what is declared: a root or a field that there is none of, and what could
 * never be true or false: a comparison of types that do not compare, a value that is none of an enum, an order of
 * true and false, IN what is no list, a lone fact that is neither true nor false. In the order of the text; the first
 * 20.
 *
 * @param roots the names that `scope` knows, of which the closest is proposed for an unknown one
 */
export function checkCondition(
  parsed: ParsedCondition,
  scope: Scope,
  roots: readonly string[] = [],
): ConditionProblem[] {
  const types = new Map<FactPath, FactType>();
  const problems: ConditionProblem[] = [];
  for (const placed of factsIn(parsed)) {
    if (problems.length === mostProblems) break;
    const type = typeOfFact(placed, scope, roots);
    if ('reason' in type) problems.push(type);
    else types.set(placed.fact, type);
  }
  problems.push(...new TypeCheck(parsed.places, types).problemsOf(parsed.expression));
  return problems.sort((one, other) => one.offset - other.offset).slice(0, mostProblems);
}

function typeOfFact(
  { fact, offset, length, parts = [] }: PlacedFact,
  scope: Scope,
  roots: readonly string[],
): FactType | ConditionProblem {
  const [root = '', ...names] = fact;
  const declared = scope(root)?.at(names);
  const nameAt = (index: number): Place => parts[index] ?? { offset, length };
  if (!declared) {
    const at = nameAt(0);
    return problemAt(at.offset, at.length, `There are no facts of ${excerpt(root)}`, suggestion(root, roots));
  }
  if ('missing' in declared) {
    const at = nameAt(declared.missing + 1);
    const name = names[declared.missing] ?? '';
    const owner = excerpt(printOwner([...fact].slice(0, declared.missing + 1)));
    const { known } = declared;
    const fields = known.length === 0 ? `${owner} has no fields` : `${owner} has no field ${excerpt(name)}`;
    return problemAt(at.offset, at.length, fields, suggestion(name, known));
  }
  if (declared.type.length > 0 && declared.type.every(({ kind }) => kind === 'object'))
    return problemAt(
      offset,
      length,
      excerpt(printFact(fact)),
      ' has fields and is no fact itself; name one of them.',
    );
  return declared.type;
}

const printOwner = (path: FactPath): string => (path.length > 1 ? printFact(path) : (path[0] ?? ''));

function suggestion(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  if (closest !== undefined) return `; did you mean ${excerpt(closest)}?`;
  return known.length > 0 ? `; there are ${listed(known.map(excerpt))}.` : '.';
}

const listed = (texts: readonly string[]): string =>
  texts.length > mostListed
    ? `${texts.slice(0, mostListed).join(', ')} and ${texts.length - mostListed} more`
    : texts.join(', ');

/** A side of a comparison as it is spoken of; `type` is undefined where the fact has a problem of its own. */
interface Side {
  readonly type: FactType | undefined;
  readonly name: string;
  readonly place: Place;
  readonly isFact: boolean;
}

class TypeCheck {
  constructor(
    private readonly places: ReadonlyMap<object, Place>,
    private readonly types: ReadonlyMap<FactPath, FactType>,
  ) {}

  problemsOf(expression: Expression): ConditionProblem[] {
    switch (expression.op) {
      case 'and':
      case 'or':
        return expression.of.flatMap((part) => this.problemsOf(part));
      case 'not':
        return this.problemsOf(expression.of);
      case 'exists':
        return [];
      case 'is': {
        const side = this.sideOf(expression);
        return side.type && !side.type.some(mayBe('boolean'))
          ? [at(side, `${side.name} is ${described(side.type)}`, ', not true or false; compare it.')]
          : [];
      }
      case 'in':
        return this.inProblems(this.sideOf(expression.left), expression.right);
      case '==':
      case '!=':
        return equalityProblems(this.sideOf(expression.left), this.sideOf(expression.right));
      default:
        return this.orderProblems(
          this.sideOf(expression.left),
          this.sideOf(expression.right),
          this.placeOf(expression),
        );
    }
  }

  private inProblems(left: Side, right: FactRefOrList): ConditionProblem[] {
    if ('fact' in right) {
      const side = this.sideOf(right);
      if (!side.type) return [];
      if (!side.type.some(mayBe('list')))
        return [at(side, `${side.name} is ${described(side.type)}`, ', not a list.')];
      const type = side.type.flatMap((shape) =>
        shape.kind === 'list' ? shape.of : shape.kind === 'any' ? [shape] : [],
      );
      return equalityProblems(left, { ...side, name: `an element of ${side.name}`, type });
    }
    const { parts = [], ...whole } = this.placeOf(right.list);
    return right.list.flatMap((value, index) =>
      equalityProblems(left, written(value, parts[index] ?? whole)),
    );
  }

  private orderProblems(left: Side, right: Side, place: Place): ConditionProblem[] {
    const { type: before } = left;
    const { type: after } = right;
    if (!before || !after) return [];
    if ((['number', 'string'] as const).some((kind) => before.some(mayBe(kind)) && after.some(mayBe(kind))))
      return [];
    const unordered = [left, right].find(
      ({ type }) => type && !type.some(mayBe('number')) && !type.some(mayBe('string')),
    );
    if (unordered?.type)
      return [at(unordered, `${unordered.name} is ${described(unordered.type)}`, ', which has no order.')];
    const types = `${left.name} is ${described(before)} and ${right.name} is ${described(after)}`;
    return [problemAt(place.offset, place.length, types, '; they have no common order.')];
  }

  private sideOf(operand: Operand | Extract<Expression, { op: 'is' }>): Side {
    if (!('fact' in operand)) return written(operand.value, this.placeOf(operand));
    const { fact } = operand;
    return {
      type: this.types.get(fact),
      name: excerpt(printFact(fact)),
      place: this.placeOf(fact),
      isFact: true,
    };
  }

  private placeOf(node: object): Place {
    return this.places.get(node) ?? { offset: 0, length: 0 };
  }
}

const written = (value: Literal, place: Place): Side => ({
  type: [{ kind: 'value', value }],
  name: printValue(value),
  place,
  isFact: false,
});

const at = ({ place }: Side, before: string, after: string): ConditionProblem =>
  problemAt(place.offset, place.length, before, after);

/** Two sides that are never equal; the problem is that of the written one, else of the right one. */
function equalityProblems(left: Side, right: Side): ConditionProblem[] {
  const { type: one } = left;
  const { type: other } = right;
  if (!one || !other || one.some((shape) => other.some((against) => mayEqual(shape, against)))) return [];
  const [side, against] = left.isFact || !right.isFact ? [right, left] : [left, right];
  const isEnum = (type: FactType) => type.length > 0 && type.every(({ kind }) => kind === 'value');
  if (!side.isFact && against.isFact && against.type && isEnum(against.type)) {
    const values = against.type.flatMap((shape) => (shape.kind === 'value' ? [printValue(shape.value)] : []));
    return [at(side, `${against.name} is never ${side.name}`, `; it is one of ${listed(values)}.`)];
  }
  const type = against.type ? ` is ${described(against.type)} and` : '';
  return [at(side, `${against.name}${type} never equals ${side.name}`, '.')];
}

function mayEqual(one: Shape, other: Shape): boolean {
  if (one.kind === 'any' || other.kind === 'any') return true;
  if (one.kind === 'value' && other.kind === 'value') return one.value === other.value;
  return kindOf(one) === kindOf(other);
}

const mayBe = (kind: Exclude<Shape['kind'], 'any' | 'value'>) => (shape: Shape) =>
  shape.kind === 'any' || kindOf(shape) === kind;

function kindOf(shape: Shape): Exclude<Shape['kind'], 'value'> {
  if (shape.kind !== 'value') return shape.kind;
  if (shape.value === null) return 'null';
  switch (typeof shape.value) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'string';
  }
}

const descriptions = {
  any: 'anything',
  null: 'null',
  boolean: 'true or false',
  number: 'a number',
  string: 'a text',
  list: 'a list',
  object: 'an object',
} as const;

const described = (type: FactType): string =>
  type.length === 0
    ? 'never there'
    : [...new Set(type.map((shape) => descriptions[kindOf(shape)]))].join(' or ');
