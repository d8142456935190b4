import { readMicroProgram } from '../agents/micro-program.js';
import { readManifest } from '../agents/read-manifest.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { SegmentItem } from '../contracts/activities.js';
import { acceptedRequestSchema } from '../contracts/phase.js';
import { templateSchema, type Work } from '../contracts/template.js';
import { HeptadError } from '../protocol/errors.js';
import { bodyOf, expectedOutput } from '../templates/expected-report.js';
import type { SegmentInputs } from './cut-inputs.js';
import type { MicroProgram } from './execute-inputs.js';
import { readInputs } from './read-inputs.js';

/** What a segment is executed with, complete: the agents' activity and verifier B make it in the same way. */
export interface CompleteSegment {
  readonly work: Extract<Work, { kind: 'map' }>;
  readonly program: MicroProgram;
  readonly inputs: SegmentInputs;
}

/**
 * Completes an item of the kind `map` from the artifacts that it refers to.
 *
 * @throws HeptadError `InputInvalid` the template's item is of another kind, or is not over a list
 * @throws HeptadError as `readMicroProgram` does
 */
export async function segmentOf({
  store,
  item,
  agent,
  accepted,
  inputs,
  programsFolder,
  signal,
}: SegmentItem & {
  readonly store: ArtifactStore;
  readonly programsFolder: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<CompleteSegment> {
  const [{ request }, manifest] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    readManifest(store, agent),
  ]);
  const body = bodyOf(await store.getJson(request.template.digest, templateSchema), item.body);
  const { work } = body;
  if (work.kind !== 'map') throw new HeptadError('InputInvalid', `${item.id} is not over a list of inputs.`);
  const program = {
    ...(await readMicroProgram(programsFolder, manifest)),
    expects: expectedOutput(body),
  };
  const { over, chunk } = work;
  return { work, program, inputs: await readInputs({ store, accepted, inputs, over, chunk, signal }) };
}
