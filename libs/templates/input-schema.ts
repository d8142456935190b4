import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Template } from '../contracts/template.js';
import { HeptadError, type Problem } from '../protocol/errors.js';

const compiled = new WeakMap<Template, ValidateFunction>();

/**
 * The check of a template's input by its JSON Schema (2020-12). Compiled once per template.
 *
 * @throws HeptadError `InputInvalid` where the schema itself is none
 */
export function compileInputSchema(template: Template): ValidateFunction {
  const known = compiled.get(template);
  if (known) return known;
  // Whatever the schema says, a list of problems that grows with the input helps nobody; `problemsOf` bounds it.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, validateFormats: false });
  try {
    const validate = ajv.compile(template.input);
    compiled.set(template, validate);
    return validate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeptadError(
      'InputInvalid',
      `The input schema of ${template.name}@${template.version} is not valid: ${reason}.`,
      {
        problems: [{ path: '/input', reason }],
        cause,
      },
    );
  }
}

const mostProblems = 100;

/** Every problem of an input, as a JSON pointer and a sentence; at most 100. Empty where it matches. */
export function inputProblems(template: Template, input: Readonly<Record<string, unknown>>): Problem[] {
  const validate = compileInputSchema(template);
  if (validate(input)) return [];
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
