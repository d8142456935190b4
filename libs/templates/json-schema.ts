import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { HeptadError, type Problem } from '../protocol/errors.js';

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * The check of values by a JSON Schema (2020-12). Compiled once per schema object.
 *
 * @param what whose schema it is, for the error's sentence
 * @param path where it stands, as a JSON pointer
 * @throws HeptadError `InputInvalid` where the schema itself is none
 */
export function compileSchema(
  schema: Readonly<Record<string, unknown>>,
  what: string,
  path: string,
): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  // Whatever the schema says, a list of problems that grows with the input helps nobody; it is bounded below.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, validateFormats: false });
  try {
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeptadError('InputInvalid', `${what} is not valid: ${reason}.`, {
      problems: [{ path, reason }],
      cause,
    });
  }
}

const mostProblems = 100;

/** Every problem of a value, as a JSON pointer and a sentence; at most 100. Empty where it matches. */
export function schemaProblems(
  schema: Readonly<Record<string, unknown>>,
  value: unknown,
  what = 'The schema',
): Problem[] {
  const validate = compileSchema(schema, what, '');
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, mostProblems).map(problemOf);
}

function problemOf({ instancePath, keyword, params, message }: ErrorObject): Problem {
  switch (keyword) {
    case 'required':
      return { path: `${instancePath}/${params.missingProperty}`, reason: 'It is missing.' };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(params.additionalProperty ?? params.unevaluatedProperty);
      return { path: `${instancePath}/${name}`, reason: 'The template has no such input.' };
    }
    default:
      return { path: instancePath, reason: `It ${message ?? `breaks the rule ${keyword}`}.` };
  }
}
