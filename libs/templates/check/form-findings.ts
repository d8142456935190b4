import { z } from 'zod';
import { templateSchema } from '../../contracts/template.js';
import { fieldsAt, schemasAt } from './fields-at.js';
import { nearestName, orMeant } from './nearest-name.js';
import { pointer } from './pointer.js';
import type { Finding } from './template-problem.js';

type Issue = z.core.$ZodIssue;

/** What the contract of templates says against a value, in sentences for who writes one. */
export const formFindings = (issues: readonly Issue[], value: unknown): Finding[] =>
  issues.flatMap((issue) => findingsOf(issue, value, []));

function findingsOf(issue: Issue, value: unknown, base: readonly PropertyKey[]): Finding[] {
  const path = [...base, ...issue.path];
  const at = pointer('', ...path);
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = fieldsAt(templateSchema, value, path);
      return issue.keys.map((key) => ({
        path: pointer(at, key),
        reason: `There is no field "${key}" here${orMeant(key, known)}`,
      }));
    }
    case 'invalid_union':
      return unionFindings(issue, value, path);
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({
        path: at,
        reason: `The name is not possible. ${message}`,
      }));
    case 'invalid_type':
      if (found === undefined) return [{ path: at, reason: `"${String(path.at(-1) ?? '')}" is missing.` }];
      return [
        {
          path: at,
          reason: own(issue) ?? `It is ${kindOf(found)}; ${expected(issue.expected)} is expected.`,
        },
      ];
    case 'invalid_value':
      return [
        { path: at, reason: found === undefined ? missing(path, issue.values) : oneOf(issue.values, found) },
      ];
    case 'too_small':
      return [{ path: at, reason: tooFew(issue.origin, Number(issue.minimum)) }];
    case 'too_big':
      return [{ path: at, reason: tooMany(issue.origin, Number(issue.maximum)) }];
    case 'invalid_format':
      return [{ path: at, reason: own(issue) ?? `It does not match ${issue.pattern ?? issue.format}.` }];
    default:
      return [{ path: at, reason: issue.message }];
  }
}

function unionFindings(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
  path: readonly PropertyKey[],
): Finding[] {
  const at = pointer('', ...path);
  const found = valueAt(value, path);
  if (typeof issue.discriminator === 'string' && path.at(-1) === issue.discriminator) {
    const kinds = kindsAt(value, path.slice(0, -1), issue.discriminator);
    return [{ path: at, reason: found === undefined ? missing(path, kinds) : oneOf(kinds, found) }];
  }
  if (found === undefined) return [{ path: at, reason: `"${String(path.at(-1))}" is missing.` }];
  // The forms that the value could have had by its type, the one that it misses least first.
  const near = issue.errors
    .filter(
      (errors) => !errors.some(({ code, path: below }) => code === 'invalid_type' && below.length === 0),
    )
    .sort((one, other) => one.length - other.length);
  const [nearest] = near;
  const own = ownMessage(issue);
  if (
    nearest &&
    (own === undefined || near.length === 1) &&
    !nearest.some(({ code }) => code === 'invalid_value')
  )
    return nearest.flatMap((one) => findingsOf(one, value, path));
  if (own !== undefined) return [{ path: at, reason: own }];
  const forms = issue.errors.flatMap((errors) =>
    errors.flatMap((one) =>
      one.code === 'invalid_type' && one.path.length === 0 ? [expected(one.expected)] : [],
    ),
  );
  return [{ path: at, reason: `It is ${kindOf(found)}; it can be ${[...new Set(forms)].join(', or ')}.` }];
}

/** The values of the field by which forms are told apart. */
function kindsAt(value: unknown, path: readonly PropertyKey[], field: string): string[] {
  const forms = schemasAt(templateSchema, value, path);
  return forms.flatMap((form) => {
    const kind: unknown = form instanceof z.ZodObject ? form.shape[field] : undefined;
    return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : [];
  });
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );

const missing = (path: readonly PropertyKey[], values: readonly unknown[]): string =>
  `"${String(path.at(-1))}" is missing: it is ${list(values)}.`;

function oneOf(values: readonly unknown[], found: unknown): string {
  const nearest = typeof found === 'string' ? nearestName(found, values.map(String)) : undefined;
  return `It is ${list(values)}${nearest === undefined ? '.' : `; did you mean "${nearest}"?`}`;
}

const list = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;

/** A message of the contract's own; those of zod begin otherwise. */
const own = ({ message }: Issue): string | undefined =>
  message.endsWith('.') || message.endsWith('?') ? message : undefined;
const ownMessage = own;

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function tooFew(origin: string, least: number): string {
  if (origin === 'string') return `It has at least ${counted(least, 'character', 'characters')}.`;
  if (origin === 'array') return `It has at least ${counted(least, 'entry', 'entries')}.`;
  return `It is at least ${least}.`;
}

function tooMany(origin: string, most: number): string {
  if (origin === 'string') return `It has at most ${counted(most, 'character', 'characters')}.`;
  if (origin === 'array') return `It has at most ${counted(most, 'entry', 'entries')}.`;
  return `It is at most ${most}.`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number';
  return (
    { string: 'a text', boolean: 'true or false', object: 'a mapping' }[String(typeof value)] ??
    'something else'
  );
}

const expected = (type: string): string =>
  ({
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  })[type] ?? type;
