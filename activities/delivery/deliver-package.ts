import { lstat, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ifThere } from '../../libs/artifacts/if-there.js';
import { parseJson } from '../../libs/artifacts/parse-json.js';
import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { digestSchema } from '../../libs/contracts/artifact.js';
import { type Receipt, stagedPackageSchema } from '../../libs/contracts/phase.js';
import { packageFolder } from '../../libs/packaging/package-folder.js';
import { besideManifest, packagePathProblem } from '../../libs/packaging/package-path.js';
import { publish, removeTemporary, writeBeside } from '../../libs/packaging/write-folder.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { heartbeating } from '../../libs/temporal/heartbeating.js';
import type { DeliveryDependencies } from './dependencies.js';

/** `delivery.json`: under which record a folder was delivered. It is beside the manifest, which came before it. */
const deliverySchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  record: digestSchema,
  manifest: digestSchema,
  files: z.int().nonnegative(),
});

/**
 * Delivers a staged package: its folder is written under a temporary name and renamed, so it is there whole or not
 * at all. Delivered under the same record before, it answers the same receipt.
 *
 * @throws HeptadError `DeliveryConflict` the run was delivered under another record, or something else has its folder
 * @throws HeptadError `InputInvalid` a file of the package has a path that leads elsewhere
 */
export const deliverPackage =
  ({ store, packages }: DeliveryDependencies): DeliveryActivities['deliverPackage'] =>
  async ({ run, staged, record }) =>
    await heartbeating(async () => {
      const target = packageFolder(packages, run);
      const before = await receiptOf(target, run, record.digest);
      if (before) return before;
      const { files, manifest } = await store.getJson(staged.digest, stagedPackageSchema);
      const problems = files.flatMap(({ name }) => packagePathProblem(name) ?? []);
      if (problems.length > 0) throw new HeptadError('InputInvalid', problems.join(' '));
      const delivery = {
        version: 1,
        run,
        record: record.digest,
        manifest: manifest.digest,
        files: files.length,
      };
      await removeTemporary(target);
      const temporary = await writeBeside(store, target, [
        ...files.map(({ name, digest }) => ({ path: name, digest })),
        { path: besideManifest.manifest, digest: manifest.digest },
        { path: besideManifest.receipt, digest: (await store.putJson(delivery)).digest },
      ]);
      try {
        if (await publish(temporary, target))
          return { path: target, manifest: manifest.digest, files: files.length };
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
      const other = await receiptOf(target, run, record.digest);
      if (!other) throw conflict(target, 'it was removed while the package was delivered');
      return other;
    });

/** The receipt of what is in the folder; undefined where there is no folder. */
async function receiptOf(folder: string, run: string, record: Digest): Promise<Receipt | undefined> {
  const file = join(folder, besideManifest.receipt);
  const bytes = await ifThere(readFile(file));
  if (!bytes) {
    if (await exists(folder))
      throw conflict(folder, 'it is there already, and no package was delivered to it');
    return undefined;
  }
  const delivered = parseJson(bytes, deliverySchema, `The file ${file}`);
  if (delivered.run !== run || delivered.record !== record)
    throw conflict(
      folder,
      `it was delivered for the run ${delivered.run} under the record ${delivered.record}`,
    );
  return { path: folder, manifest: delivered.manifest, files: delivered.files };
}

const exists = async (folder: string): Promise<boolean> => (await ifThere(lstat(folder))) !== undefined;

const conflict = (folder: string, why: string): HeptadError =>
  new HeptadError('DeliveryConflict', `Nothing was delivered to ${folder}: ${why}.`);
