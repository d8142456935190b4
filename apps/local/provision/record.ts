import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

const fileRecord = z.object({ size: z.number(), modified: z.number(), sha256: z.string() });
const recordSchema = z.object({
  /** Where the files came from. */
  source: z.string(),
  version: z.string(),
  files: z.record(z.string(), fileRecord),
});

/** What is known of something in the cache since it was put there. */
export type CacheRecord = z.infer<typeof recordSchema>;

const name = 'record.json';

/** Records the digests of all files in a folder. */
export async function writeRecord(folder: string, about: { source: string; version: string }): Promise<void> {
  const files: CacheRecord['files'] = {};
  for (const file of await filesIn(folder)) {
    const { size, mtimeMs } = await stat(join(folder, file));
    files[file] = { size, modified: mtimeMs, sha256: await digestOf(join(folder, file)) };
  }
  await writeFileAtomic(join(folder, name), `${JSON.stringify({ ...about, files }, null, 2)}\n`);
}

/** What is recorded of a folder in the cache, or undefined where it is not complete. */
export async function readRecord(folder: string): Promise<CacheRecord | undefined> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : recordSchema.safeParse(JSON.parse(text)).data;
}

/**
 * The first file that is not what was recorded, with the reason, or undefined where all are.
 *
 * Size and time of change are always compared, and the digest where the time differs; with `full`, every digest.
 */
export async function findChange(
  folder: string,
  record: CacheRecord,
  { full = false } = {},
): Promise<string | undefined> {
  for (const [file, recorded] of Object.entries(record.files)) {
    const path = join(folder, file);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return `${path} is missing`;
    if (found.size !== recorded.size)
      return `${path} has ${found.size} bytes, recorded were ${recorded.size}`;
    // Rounded, since not every file system keeps the whole fraction.
    const touched = Math.abs(found.mtimeMs - recorded.modified) > 1;
    if (!touched && !full) continue;
    if ((await digestOf(path)) !== recorded.sha256)
      return `${path} does not have the SHA-256 that was recorded`;
    // A copied cache has new times and the same bytes: set the time back, so that it is not hashed at each start.
    if (touched) await utimes(path, found.atimeMs / 1000, recorded.modified / 1000);
  }
  return undefined;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
