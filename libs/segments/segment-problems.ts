import { setImmediate } from 'node:timers/promises';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { digestOfJson } from '../artifacts/digest-of-json.js';
import { chunkResultsSchema, type InputResult, type SegmentReport } from '../contracts/reports/segment.js';
import { schemaProblems } from '../templates/json-schema.js';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Results that are looked at before others have their turn. */
const stretch = 500;

/** Problems of one segment that are named. */
const most = 20;

/**
 * What is wrong with the chunks that a report names: each has the results of its inputs, every index once and in order, as
 * many completed as are stated; each output has its digest, and keeps to the agent's schema and to the item's.
 *
 * @param outcome JSON Schema of each output, by the agent's manifest
 * @param expects the same by the template's item; null where it asks for none
 * @throws HeptadError as the store's `getJson` does
 */
export async function chunkProblems(
  store: ArtifactStore,
  { chunks, failures }: SegmentReport,
  outcome: JsonSchema,
  expects: JsonSchema | null,
): Promise<string[]> {
  const problems: string[] = [];
  const failed: string[] = [];
  const schemas = expects ? [outcome, expects] : [outcome];
  for (const { first, count, completed, results: ref } of chunks) {
    const results = await store.getJson(ref.digest, chunkResultsSchema);
    if (results.length !== count || results.some(({ index }, place) => index !== first + place))
      problems.push(`The chunk from ${first} on has not each of its ${count} inputs once and in order.`);
    if (results.filter(({ status }) => status === 'completed').length !== completed)
      problems.push(`The chunk from ${first} on has not ${completed} completed inputs.`);
    for (const [place, result] of results.entries()) {
      if (place % stretch === stretch - 1) await setImmediate();
      problems.push(...resultProblems(result, schemas));
      if (result.status === 'failed') failed.push(`${result.index} ${result.code}`);
    }
    if (problems.length > most) break;
  }
  const stated = failures.map(({ index, code }) => `${index} ${code}`);
  if (problems.length === 0 && stated.join() !== failed.slice(0, stated.length).join())
    problems.push('The failed inputs are not the ones that are stated.');
  return problems.slice(0, most);
}

function resultProblems(result: InputResult, schemas: readonly JsonSchema[]): string[] {
  if (result.status === 'failed') return [];
  const problems = schemas
    .flatMap((schema) => schemaProblems(schema, result.output))
    .map(({ path, reason }) => `The output of input ${result.index} at ${path || '/'}: ${reason}`);
  if (digestOfJson(result.output) !== `sha256:${result.digest}`)
    problems.push(`The output of input ${result.index} has not the digest that is stated.`);
  return problems;
}
