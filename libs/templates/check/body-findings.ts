import {
  builtinCategories,
  type Consumer,
  millisecondsOf,
  type TemplateItem,
  type TemplateRetry,
} from '../../contracts/template.js';
import type { Draft } from './draft.js';
import { checkExpects } from './expects-findings.js';
import type { Findings } from './findings.js';
import { orMeant } from './nearest-name.js';
import type { JsonSchema } from './outcome-schema.js';
import { pointer } from './pointer.js';
import type { SchemaReason } from './schema-reasons.js';

/** Commands that end with 0 whatever the work is. */
const alwaysDone = /^\s*(true|:|exit( 0)?)\s*;?\s*$/;

/** Keywords of a JSON Schema that refuse no object. */
const refusesNothing = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples'];

/** What is wrong with an item or consumer by itself. */
export function checkBody(
  body: Partial<TemplateItem | Consumer>,
  path: string,
  draft: Draft,
  reasonAgainst: (schema: JsonSchema) => SchemaReason | null,
  findings: Findings,
): void {
  const { category, expects, done, retry, work } = body;
  const categories = [...builtinCategories, ...Object.keys(draft.categories)];
  if (category !== undefined && !categories.includes(category))
    findings.problem(
      pointer(path, 'category'),
      `There is no category "${category}"${orMeant(category, categories)} Declare it in "categories".`,
    );
  if (typeof expects === 'object') checkSchema(expects, pointer(path, 'expects'), reasonAgainst, findings);
  checkExpects(body, path, draft, findings);
  if (retry) checkRetry(retry, pointer(path, 'retry'), findings);
  if (done?.schema) {
    const at = pointer(path, 'done', 'schema');
    checkSchema(done.schema, at, reasonAgainst, findings);
    const says = Object.entries(done.schema).filter(
      ([keyword, value]) => !refusesNothing.includes(keyword) && !(keyword === 'type' && value === 'object'),
    );
    if (says.length === 0) findings.problem(at, 'It cannot fail: every outcome keeps to this schema.');
  }
  if (done?.command !== undefined && alwaysDone.test(done.command))
    findings.problem(pointer(path, 'done', 'command'), 'It cannot fail: this command always ends with 0.');
  if (done?.command !== undefined && work !== undefined && work.kind !== 'agent')
    findings.problem(
      pointer(path, 'done', 'command'),
      `A ${work.kind} has no workspace to run a command in. Give an "expression" over its result instead.`,
    );
}

export function checkSchema(
  schema: JsonSchema,
  path: string,
  reasonAgainst: (schema: JsonSchema) => SchemaReason | null,
  findings: Findings,
): void {
  const against = reasonAgainst(schema);
  if (against)
    findings.problem(
      path + against.path,
      `It is not a JSON Schema (2020-12): ${against.reason.replace(/\.$/, '')}.`,
    );
}

export function checkRetry(
  { interval, most_interval }: TemplateRetry,
  path: string,
  findings: Findings,
): void {
  if ((millisecondsOf(interval) ?? 0) > (millisecondsOf(most_interval) ?? 0))
    findings.problem(
      pointer(path, 'interval'),
      `The first interval (${interval}) is longer than the longest (most_interval, ${most_interval}).`,
    );
}
