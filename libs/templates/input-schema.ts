import type { Template } from '../contracts/template.js';
import type { Problem } from '../protocol/errors.js';
import { schemaProblems } from './json-schema.js';

const whose = ({ name, version }: Template): string => `The input schema of ${name}@${version}`;

/** Every problem of an input, as a JSON pointer and a sentence; at most 100. Empty where it matches. */
export const inputProblems = (template: Template, input: Readonly<Record<string, unknown>>): Problem[] =>
  schemaProblems(template.input, input, whose(template));
