import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../artifacts/parse-json.js';
import { writeSnapshot } from '../artifacts/snapshot/write-snapshot.js';
import type { CapturedSubject, Subject } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import type { CaptureOptions } from './capture-options.js';
import { readArchive } from './read-archive.js';
import { runNpm } from './run-npm.js';
import { titleOf } from './title-of.js';
import { versionKind } from './version-kind.js';
import { withScratchFolder } from './with-scratch-folder.js';

type NpmSubject = Extract<Subject, { kind: 'npm' }>;

const packedSchema = z.array(z.object({ version: z.string() })).min(1);

/**
 * Fetches a package with the machine's npm and captures what is in it.
 *
 * @throws HeptadError `PackageUnknown`; `IntegrityMismatch` where the bytes are not those that the registry or the
 *   subject names; `DependencyUnreachable`; `SubjectInvalid` where the package is not safe to unpack
 */
export async function captureNpm(subject: NpmSubject, options: CaptureOptions): Promise<CapturedSubject> {
  const { store, scratch, npmCache, limits, signal, heartbeat } = options;
  const cache = npmCache === undefined ? [] : [`--cache=${npmCache}`];
  const asked = titleOf(subject);
  return withScratchFolder(scratch, async (folder) => {
    const exact = versionKind(subject) === 'version';
    const pack = async () => {
      const spec = `${subject.name}@${subject.version}`;
      const packed = await runNpm(asked, {
        arguments: ['pack', ...cache, `--pack-destination=${folder}`, '--', spec],
        folder,
        signal,
        heartbeat,
      });
      return (
        parseJson(Buffer.from(packed), packedSchema, 'The output of npm pack')[0]?.version ?? subject.version
      );
    };
    const integrityOf = async (version: string) => {
      const spec = `${subject.name}@${version}`;
      return runNpm(asked, {
        arguments: ['view', ...cache, '--', spec, 'dist.integrity'],
        folder,
        signal,
        heartbeat,
      });
    };
    const early = exact ? integrityOf(subject.version) : undefined;
    const [version] = await settled([pack(), early]);
    const resolved: NpmSubject = { ...subject, version };
    const title = titleOf(resolved);
    const named = sha512In((await early) ?? (await integrityOf(version)), title);
    const tarball = join(
      folder,
      (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'missing.tgz',
    );
    const integrity = await integrityOfFile(tarball);
    for (const [who, wanted] of [
      ['the registry', named],
      ['the subject', subject.integrity],
    ]) {
      if (wanted === undefined || wanted === integrity) continue;
      throw new HeptadError(
        'IntegrityMismatch',
        `${title} has the integrity ${integrity}, but ${who} names ${wanted}.`,
      );
    }
    const snapshot = await store.batch(async (writer) => {
      const what = `The package ${title}`;
      const entries = await readArchive(tarball, writer, { strip: 1, what, limits, signal, heartbeat });
      return writeSnapshot(writer, entries, what);
    });
    return { subject: resolved, title, snapshot, integrity };
  });
}

// Both have ended before the first failure is thrown: neither may go on in a folder that is removed.
async function settled<A>([first, second]: readonly [Promise<A>, Promise<unknown> | undefined]): Promise<
  [A]
> {
  const results = await Promise.allSettled([first, second]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return [await first];
}

function sha512In(output: string, title: string): string {
  const text = parseJson(
    Buffer.from(output.trim() === '' ? '""' : output),
    z.string(),
    'The output of npm view',
  );
  const found = text.split(/\s+/).find((part) => part.startsWith('sha512-'));
  if (found !== undefined) return found;
  throw new HeptadError(
    'IntegrityMismatch',
    `The registry names no SHA-512 for ${title}, so what it gives cannot be checked. Use a directory instead.`,
  );
}

async function integrityOfFile(path: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return `sha512-${hash.digest('base64')}`;
}
