import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, lstat, open, readdir, readFile, realpath, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureFolder, syncFolder } from '../artifacts/durable-files.js';
import { errorCodeOf, ifThere } from '../artifacts/if-there.js';
import { layout } from '../packaging/layout.js';
import type { PackageContents } from '../packaging/package-contents.js';
import { publish, removeTemporary, writeBeside } from '../packaging/write-folder.js';
import { HeptadError } from '../protocol/errors.js';
import { allowedPlace } from './allowed-place.js';
import type { Delivered, Delivery, DeliveryTools, FolderTarget } from './delivery.js';
import { deliveredFolder } from './place-of.js';
import { type Archive, withArchive } from './with-archive.js';

/**
 * Delivers a package to a folder: as the folder `run-{id}` in it or, where it is encrypted, the file
 * `run-{id}.tar.age`. Written under a temporary name and renamed. What is there already is the same delivery where it
 * is the same package.
 *
 * @throws HeptadError `DeliveryRefused` the folder is not below a root, or may not be written
 * @throws HeptadError `DeliveryConflict` something else has the name
 */
export async function deliverToFolder(
  tools: DeliveryTools,
  roots: readonly string[],
  delivery: Delivery<FolderTarget>,
): Promise<Delivered> {
  const { run, target, contents } = delivery;
  const place = await allowedPlace(target.path, roots);
  try {
    await ensureFolder(place);
    // A link may have been put in its way meanwhile.
    if ((await realpath(place)) !== place)
      throw new HeptadError('DeliveryRefused', `Nothing was delivered to ${place}: a link is in its way.`);
    if (target.encryptTo !== undefined)
      return await withArchive(tools, delivery, (archive) => writeFile(join(place, archive.name), archive));
    return await writeFolder(tools, join(place, deliveredFolder(run)), contents);
  } catch (error) {
    throw refusal(place, error);
  }
}

async function writeFolder(
  { store }: DeliveryTools,
  folder: string,
  { files, receiptDigest }: PackageContents,
): Promise<Delivered> {
  const written = receiptDigest.slice('sha256:'.length);
  const there = async (): Promise<boolean> => {
    const receipt = await ifThere(readFile(join(folder, layout.receipt)));
    if (receipt !== undefined && sha256(receipt) === written) return true;
    if ((await ifThere(lstat(folder))) === undefined) return false;
    throw conflict(folder, receipt ? 'another package was delivered there' : 'it is no package');
  };
  if (await there()) return { location: folder, written };
  await removeTemporary(folder);
  const temporary = await writeBeside(store, folder, files);
  try {
    if ((await publish(temporary, folder)) || (await there())) return { location: folder, written };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  throw conflict(folder, 'it was removed while the package was delivered');
}

async function writeFile(file: string, { sha256: written, open: bytes }: Archive): Promise<Delivered> {
  const there = async (): Promise<boolean> => {
    if ((await ifThere(lstat(file))) === undefined) return false;
    if ((await sha256OfFile(file)) === written) return true;
    throw conflict(file, 'something else is there');
  };
  if (await there()) return { location: file, written };
  // Not of the form that a folder's temporary name has: both may be written at once.
  const prefix = `.part-${basename(file)}.`;
  for (const left of (await readdir(dirname(file))).filter((name) => name.startsWith(prefix)))
    await rm(join(dirname(file), left), { force: true });
  const temporary = join(dirname(file), `${prefix}${randomUUID()}`);
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      for await (const chunk of bytes()) await handle.appendFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file);
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST' || !(await there())) throw error;
  } finally {
    await ifThere(unlink(temporary));
  }
  await syncFolder(dirname(file));
  return { location: file, written };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

const conflict = (path: string, why: string): HeptadError =>
  new HeptadError('DeliveryConflict', `Nothing was delivered to ${path}: ${why}.`);

const advice: Readonly<Record<string, string>> = {
  EACCES: 'Heptad may not write there',
  EPERM: 'Heptad may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'part of its path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'no space is left',
  EDQUOT: 'no space is left',
};

function refusal(place: string, error: unknown): unknown {
  const why = advice[errorCodeOf(error) ?? ''];
  if (why === undefined || error instanceof HeptadError) return error;
  return new HeptadError('DeliveryRefused', `Nothing was delivered to ${place}: ${why}.`);
}
