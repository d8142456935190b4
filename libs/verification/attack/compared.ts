import { isDeepStrictEqual } from 'node:util';
import type { ZodType } from 'zod';
import { compareOutcomes } from '../../agents/compare.js';
import { canonicalJson } from '../../artifacts/canonical-json.js';
import { agentManifestSchema } from '../../contracts/agent.js';
import type { ArtifactRef } from '../../contracts/artifact.js';
import type { ItemResult } from '../../contracts/graph.js';
import {
  type AcceptedRequest,
  type Assignment,
  acceptedRequestSchema,
  assignmentSchema,
  type Conclusion,
  conclusionSchema,
  type Execution,
  executionSchema,
} from '../../contracts/phase.js';
import { faultOf } from '../check-list.js';
import { jsonSchema } from '../json-schema.js';
import type { Judged } from '../judged.js';
import { sameSample } from './same-sample.js';

/**
 * Why pass B would not take a forged output for what it made again; null where it would. What it makes again is the
 * genuine output: that, pass B itself shows.
 */
export type Comparing = (genuine: Judged, forged: Judged) => Promise<string | null>;

const another = 'Pass B: what it makes again is another.';

/** As pass B compares: by digest, but for what it takes as given and what agents declare. */
export const compared: Comparing = async (genuine, forged) => {
  if (forged.output.digest === genuine.output.digest) return null;
  try {
    return (await isEqual(genuine, forged)) ? null : another;
  } catch (error) {
    return `Pass B: ${faultOf(error)}`;
  }
};

async function isEqual(genuine: Judged, forged: Judged): Promise<boolean> {
  switch (genuine.phase) {
    case 'ingest':
      return await equalParts(genuine, forged, acceptedRequestSchema, acceptedAgain);
    case 'assign':
      return await equalParts(genuine, forged, assignmentSchema, assignedAgain);
    case 'conclude':
      return await equalParts(genuine, forged, conclusionSchema, accountedAgain);
    case 'execute':
      return await executedAgain(genuine, forged);
    default:
      return false;
  }
}

/** What keeps to the contract is compared as it is stored: what a default adds stands in no byte of it. */
async function equalParts<Outcome>(
  genuine: Judged,
  forged: Judged,
  schema: ZodType<Outcome>,
  again: (outcome: Outcome) => unknown,
): Promise<boolean> {
  await forged.store.getJson(forged.output.digest, schema);
  const [one, other] = await Promise.all(
    [genuine, forged].map(({ store, output }) => store.getJson(output.digest, jsonSchema)),
  );
  return canonicalJson(again(one as Outcome)) === canonicalJson(again(other as Outcome));
}

/** A folder and a repository are not captured a second time; what an earlier run captured is known. */
function acceptedAgain(accepted: AcceptedRequest): unknown {
  const { snapshot: _, commit: __, ...captured } = accepted.captured;
  const { kind } = captured.subject;
  return kind === 'npm' || kind === 'text' || accepted.request.resume !== undefined
    ? accepted
    : { ...accepted, captured };
}

/** Packages are not installed a second time, health is as it was then, sandboxes and what there is are of their host. */
const assignedAgain = ({
  health,
  dependencies: _,
  capacity: __,
  probes,
  ...assignment
}: Assignment): unknown => ({
  ...assignment,
  health: Object.keys(health).sort(),
  probes: probes.map(({ driver, ok }) => `${driver} ${ok}`).sort(),
});

/** What other runs added, and what was cleaned up, no record tells. */
const accountedAgain = ({ cleaned: _, agents, ...conclusion }: Conclusion): unknown => ({
  ...conclusion,
  agents: agents.map(({ recent: __, health: ___, ...agent }) => agent),
});

/** What each result is of, and what it names, as its agent declares it to be compared. */
async function executedAgain(genuine: Judged, forged: Judged): Promise<boolean> {
  const [{ results: first }, { results: second }] = await Promise.all([
    read(genuine, genuine.output),
    read(forged, forged.output),
  ]);
  for (const result of second) {
    const found = first.find(({ item }) => item === result.item);
    if (!found || !(await sameResult(genuine, forged, found, result))) return false;
  }
  return second.length > 0;
}

const read = ({ store }: Judged, { digest }: ArtifactRef): Promise<Execution> =>
  store.getJson(digest, executionSchema);

async function sameResult(
  genuine: Judged,
  forged: Judged,
  first: ItemResult,
  second: ItemResult,
): Promise<boolean> {
  if ((first.workspace?.digest ?? null) !== (second.workspace?.digest ?? null)) return false;
  if (!isDeepStrictEqual(first.workedOn, second.workedOn)) return false;
  if (first.outcome.digest === second.outcome.digest) return true;
  const manifest = first.agent && (await genuine.store.getJson(first.agent.manifest, agentManifestSchema));
  // Barriers are made again by the function that defines them.
  if (!manifest) return false;
  if (manifest.driver.kind === 'micro')
    return await sameSample(
      { store: genuine.store, outcome: first.outcome },
      { store: forged.store, outcome: second.outcome },
    );
  const [one, other] = await Promise.all([
    genuine.store.getJson(first.outcome.digest, jsonSchema),
    forged.store.getJson(second.outcome.digest, jsonSchema),
  ]);
  return compareOutcomes(manifest.comparison, one, other).equal;
}
