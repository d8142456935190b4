import { lstat, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfJson } from '../../libs/artifacts/digest-of-json.js';
import { ifThere } from '../../libs/artifacts/if-there.js';
import { parseJson } from '../../libs/artifacts/parse-json.js';
import type { DeliveryActivities } from '../../libs/contracts/activities.js';
import { packageReceiptSchema, type Receipt } from '../../libs/contracts/phase.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { layout } from '../../libs/packaging/layout.js';
import { packageContents } from '../../libs/packaging/package-contents.js';
import { packageFolder } from '../../libs/packaging/package-folder.js';
import { publish, removeTemporary, writeBeside } from '../../libs/packaging/write-folder.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { DeliveryDependencies } from './dependencies.js';

/**
 * Delivers a staged package with its attestations: its folder is written under a temporary name and renamed, so it is
 * there whole or not at all. Delivered under the same record before, it answers the same receipt.
 *
 * @throws HeptadError `DeliveryConflict` the run was delivered under another record, or something else has its folder
 * @throws HeptadError `InputInvalid` a file of the package has a path that leads elsewhere
 */
export const deliverPackage =
  ({
    store,
    packages,
  }: Pick<DeliveryDependencies, 'store' | 'packages'>): DeliveryActivities['deliverPackage'] =>
  async (given) =>
    await interruptible(async () => {
      const { run, record } = given;
      const target = packageFolder(packages, run);
      const before = await receiptOf(target, run, record.digest);
      if (before) return before;
      const { files, receipt, receiptDigest } = await packageContents(store, given);
      await removeTemporary(target);
      const temporary = await writeBeside(store, target, files);
      await proveStep({ milestone: 'package written', percent: 90 });
      try {
        if (await publish(temporary, target))
          return {
            path: target,
            manifest: receipt.manifest,
            files: receipt.files,
            receipt: receiptDigest,
          };
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
      const other = await receiptOf(target, run, record.digest);
      if (!other) throw conflict(target, 'it was removed while the package was delivered');
      return other;
    });

/** The receipt of what is in the folder; undefined where there is no folder. */
async function receiptOf(folder: string, run: string, record: Digest): Promise<Receipt | undefined> {
  const file = join(folder, layout.receipt);
  const bytes = await ifThere(readFile(file));
  if (!bytes) {
    if (await exists(folder))
      throw conflict(folder, 'it is there already, and no package was delivered to it');
    return undefined;
  }
  const delivered = parseJson(bytes, packageReceiptSchema, `The file ${file}`);
  if (delivered.run !== run || delivered.record !== record)
    throw conflict(
      folder,
      `it was delivered for the run ${delivered.run} under the record ${delivered.record}`,
    );
  return {
    path: folder,
    manifest: delivered.manifest,
    files: delivered.files,
    receipt: digestOfJson(delivered),
  };
}

const exists = async (folder: string): Promise<boolean> => (await ifThere(lstat(folder))) !== undefined;

const conflict = (folder: string, why: string): HeptadError =>
  new HeptadError('DeliveryConflict', `Nothing was delivered to ${folder}: ${why}.`);
