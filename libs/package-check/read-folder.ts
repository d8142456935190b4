import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from '../artifacts/snapshot/in-parallel.js';
import { fsVerityDigest } from '../packaging/manifest/fs-verity-digest.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { byCodeUnit } from '../synthesis/order.js';

/** A file of a package as it is on disk. */
export interface FolderFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Both as 64 hexadecimal digits. */
  readonly sha256: string;
  readonly fsverity: string;
  /** What was hashed, so that nothing else is ever read; of a large file it is left out. */
  readonly bytes: Buffer | undefined;
}

export interface PackageFolder {
  readonly path: string;
  readonly files: ReadonlyMap<string, FolderFile>;
  /** What has no place in a package, as sentences: links, special files, empty folders, names that are not safe. */
  readonly strange: readonly string[];
}

/** By which digest an artifact store would know a file; undefined where there is no such file. */
export function digestAt({ files }: PackageFolder, path: string): Digest | undefined {
  const file = files.get(path);
  return file && `sha256:${file.sha256}`;
}

/** Files over this many bytes are hashed, and not kept: 64 MiB. A document of a package is never that large. */
const kept = 64 * 1024 * 1024;
/** More entries than this are no package: 200,000. */
const most = 200_000;
const atOnce = 8;

/**
 * Reads a package's folder: every file once, following nothing.
 *
 * @throws HeptadError `InputInvalid` there is no such folder, or it holds too many entries to be a package
 */
export async function readFolder(path: string): Promise<PackageFolder> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isDirectory())
    throw new HeptadError('InputInvalid', `There is no folder ${path}. A package is the folder of a run.`);
  const strange: string[] = [];
  const paths: string[] = [];
  await walk(path, '', paths, strange);
  const files = new Map<string, FolderFile>();
  await inParallel(paths, atOnce, async (name) => {
    files.set(name, await readOne(path, name));
  });
  return { path, files: new Map([...files].sort(([a], [b]) => byCodeUnit(a, b))), strange };
}

async function walk(root: string, below: string, paths: string[], strange: string[]): Promise<void> {
  const entries = await readdir(join(root, below), { withFileTypes: true, encoding: 'buffer' });
  if (entries.length === 0 && below !== '') strange.push(`The folder ${below} is empty.`);
  for (const entry of entries) {
    const name = entry.name.toString('utf8');
    const path = below === '' ? name : `${below}/${name}`;
    if (!Buffer.from(name).equals(entry.name)) strange.push(`The name ${path} is not UTF-8.`);
    else if (entry.isDirectory()) await walk(root, path, paths, strange);
    else if (entry.isFile()) paths.push(path);
    else strange.push(`${path} is neither a file nor a folder.`);
    if (paths.length > most)
      throw new HeptadError('InputInvalid', `${root} holds more than ${most} files, which no package does.`);
  }
}

async function readOne(root: string, path: string): Promise<FolderFile> {
  const place = join(root, path);
  const { size } = await lstat(place);
  if (size > kept) return { path, bytes: undefined, ...(await fsVerityDigest(createReadStream(place))) };
  const bytes = await readFile(place);
  return { path, bytes, ...(await fsVerityDigest(chunk(bytes))) };
}

async function* chunk(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}
