import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Template } from '../contracts/template.js';
import type { Problem } from '../protocol/errors.js';
import { compileSchema, schemaProblems } from './json-schema.js';

const whose = ({ name, version }: Template): string => `The input schema of ${name}@${version}`;

/**
 * The check of a template's input by its JSON Schema (2020-12). Compiled once per template.
 *
 * @throws HeptadError `InputInvalid` where the schema itself is none
 */
export const compileInputSchema = (template: Template): ValidateFunction =>
  compileSchema(template.input, whose(template), '/input');

/** Every problem of an input, as a JSON pointer and a sentence; at most 100. Empty where it matches. */
export const inputProblems = (template: Template, input: Readonly<Record<string, unknown>>): Problem[] =>
  schemaProblems(template.input, input, whose(template));
