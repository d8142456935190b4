import { checkSchema } from './body-findings.js';
import type { Findings } from './findings.js';
import type { JsonSchema } from './outcome-schema.js';
import { isRecord, schemaPart } from './schema-part.js';
import type { SchemaReason } from './schema-reasons.js';

/** What is wrong with the schema of a template's input: it has to demand a subject, which is a text. */
export function checkInput(
  input: JsonSchema,
  reasonAgainst: (schema: JsonSchema) => SchemaReason | null,
  findings: Findings,
): void {
  checkSchema(input, '/input', reasonAgainst, findings);
  const { required } = input;
  const subject = schemaPart(input, ['subject']);
  if (subject.kind === 'open' && !isRecord(input.properties)) {
    findings.problem(
      '/input',
      'It does not say that the input has a "subject", which is a text; every run needs one.',
    );
    return;
  }
  if (subject.kind === 'undeclared')
    findings.problem('/input/properties', 'The subject is missing: every run needs one, as a text.');
  if (subject.kind === 'declared' && subject.schema.type !== 'string')
    findings.problem('/input/properties/subject', 'The subject is a text: its "type" has to be "string".');
  if (!Array.isArray(required) || !required.includes('subject'))
    findings.problem('/input/required', 'Every run needs a subject, so it has to be among what is required.');
}
