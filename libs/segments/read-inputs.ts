import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { NamedRefs } from '../contracts/phase.js';
import { HeptadError } from '../protocol/errors.js';
import { runInThread } from '../threads/run-in-thread.js';
import { cutInputs, module, type SegmentInputs } from './cut-inputs.js';

/** Inputs that one segment may have. */
export const mostInputs = 1_000_000;

export interface InputsSource {
  readonly store: ArtifactStore;
  /** The accepted request. */
  readonly accepted: ArtifactRef;
  /** Outcomes of the items before, by item. */
  readonly inputs: NamedRefs;
  /** `input.NAME`, a list in the request's input; or `ITEM.FIELD`, a list in the outcome of an item before. */
  readonly over: string;
  /** Inputs in each chunk. */
  readonly chunk: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the list that a segment is over, and cuts it into chunks.
 *
 * @throws HeptadError `InputInvalid` there is no such list, or it is longer than {@link mostInputs}
 * @throws HeptadError as the store's `get` does; a document over its read limit is `ArtifactTooLarge`
 */
export async function readInputs(source: InputsSource): Promise<SegmentInputs> {
  const { over, chunk, signal } = source;
  const [document, path] = placeOf(source);
  const bytes = await source.store.get(document.digest);
  const cut = await runInThread(cutInputs, module, { bytes, path, chunk }, signal);
  if (!cut) throw new HeptadError('InputInvalid', `There is no list at ${over} to execute a segment over.`);
  if (cut.count > mostInputs)
    throw new HeptadError(
      'InputInvalid',
      `The list at ${over} has ${cut.count} inputs; a segment may have ${mostInputs}.`,
    );
  return cut;
}

function placeOf({ accepted, inputs, over }: InputsSource): [ArtifactRef, string[]] {
  const [root = '', ...path] = over.split('.');
  if (root === 'input') return [accepted, ['request', 'input', ...path]];
  const outcome = Object.hasOwn(inputs, root) ? inputs[root] : undefined;
  if (outcome && path.length > 0) return [outcome, path];
  throw new HeptadError('InputInvalid', `${over} is neither in the input nor of an item before.`);
}
