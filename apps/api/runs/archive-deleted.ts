import { parseJson } from '../../../libs/artifacts/parse-json.js';
import { deletionSchema } from '../../../libs/contracts/evidence.js';
import { deletionEntryName } from '../../../libs/evidence/seal-entry.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Dependencies } from '../dependencies.js';

/** The error that says when and why the archive of a run was deleted; undefined where it was not. */
export async function archiveDeleted(
  { store }: Pick<Dependencies, 'store'>,
  run: string,
): Promise<HeptadError | undefined> {
  const name = deletionEntryName(run);
  const bytes = await store.entries.get(name);
  if (bytes === undefined) return undefined;
  const { at, policy, closedAt } = parseJson(bytes, deletionSchema, `The entry ${name}`);
  return new HeptadError(
    'ArchiveDeleted',
    `The archive of the run ${run} was deleted at ${at}: archives are kept for ${policy}, and it closed at ${closedAt}.`,
  );
}
