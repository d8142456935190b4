import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { Parser, type ReadEntry } from 'tar';
import { errorCodeOf } from '../artifacts/if-there.js';
import { pathProblem, printable } from '../artifacts/snapshot/paths.js';
import { HeptadError } from '../protocol/errors.js';

/** How large what is unpacked may be. */
export interface UnpackLimits {
  /** Default 100,000. */
  readonly files?: number;
  /** All files together. Default 8 GiB. */
  readonly bytes?: number;
}

/**
 * Unpacks a package that was delivered in one piece (`run-{id}.tar`) as if it were hostile: files alone, each path once
 * and below one folder `run-{id}`, within limits. After a failure nothing of it is left.
 *
 * @param into the folder in which that folder is made; made where it is missing
 * @returns the folder of the package
 * @throws HeptadError `InputInvalid` it is no such archive, or not safe
 */
export async function unpackPackage(file: string, into: string, limits: UnpackLimits = {}): Promise<string> {
  return await new Unpacking(file, into, limits).unpack(createReadStream(file));
}

/**
 * Decrypts a package (`run-{id}.tar.age`) and unpacks it, as {@link unpackPackage} does.
 *
 * @param identityFile a file with identities of age (`AGE-SECRET-KEY-…`), one a line; lines with `#` are comments
 * @throws HeptadError `InputInvalid` no identity is one that it is encrypted to, it was changed, or it is not safe
 */
export async function decryptPackage(
  file: string,
  identityFile: string,
  into: string,
  limits: UnpackLimits = {},
): Promise<string> {
  const decrypter = new Decrypter();
  for (const identity of await identitiesIn(identityFile)) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      // What age says of it may repeat it.
      throw invalid(identityFile, 'it has a line that is not an identity of age');
    }
  }
  return await new Unpacking(file, into, limits).unpack(decrypted(decrypter, file));
}

async function* decrypted(decrypter: Decrypter, file: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file);
  try {
    yield* await decrypter.decrypt(ReadableStream.from<Uint8Array>(source));
  } catch (error) {
    if (errorCodeOf(error) !== undefined) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw invalid(file, `it cannot be decrypted: ${printable(why)}`);
  } finally {
    source.destroy();
  }
}

async function identitiesIn(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0) throw invalid(file, 'it has no identity of age');
  return identities;
}

class Unpacking {
  readonly #file: string;
  readonly #into: string;
  readonly #limits: Required<UnpackLimits>;
  readonly #paths = new Set<string>();
  #top: string | undefined;
  #bytes = 0;
  #failure: unknown;
  #entry: ReadEntry | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(file: string, into: string, { files = 100_000, bytes = 8 * 1024 ** 3 }: UnpackLimits) {
    this.#file = file;
    this.#into = into;
    this.#limits = { files, bytes };
  }

  async unpack(chunks: AsyncIterable<Uint8Array>): Promise<string> {
    try {
      await this.#read(chunks);
      if (this.#top === undefined) throw this.#invalid('it holds no file');
      return join(this.#into, this.#top);
    } catch (error) {
      // The rest of the file that is being written never comes.
      this.#entry?.destroy(new Error('It is not unpacked.'));
      await this.#written;
      if (this.#top !== undefined) await rm(join(this.#into, this.#top), { recursive: true, force: true });
      throw error;
    }
  }

  async #read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry) => {
        this.#entry = entry;
        // Who reads it is told; where nobody does, it is nobody's failure.
        entry.on('error', () => undefined);
        const taken = this.#take(entry).catch((error: unknown) => {
          this.#failure ??= error;
          entry.resume();
        });
        this.#written = this.#written.then(() => taken);
      },
    });
    let complete = false;
    parser.on('eof', () => {
      complete = true;
    });
    parser.on('error', (error: Error) => {
      this.#failure ??= this.#invalid(`it is damaged: ${printable(error.message)}`);
    });
    for await (const chunk of chunks) {
      const more = parser.write(Buffer.from(chunk));
      if (this.#failure !== undefined) throw this.#failure;
      // It waits while a file is written; a failure lets it go on.
      if (!more) await once(parser, 'drain').catch(() => undefined);
      if (this.#failure !== undefined) throw this.#failure;
    }
    const ended = once(parser, 'end').catch(() => undefined);
    parser.end();
    if (this.#failure === undefined) await ended;
    await this.#written;
    if (this.#failure !== undefined) throw this.#failure;
    if (!complete) throw this.#invalid('it is cut off');
  }

  async #take(entry: ReadEntry): Promise<void> {
    const shown = printable(entry.path).slice(0, 300);
    if (entry.type === 'Directory') {
      entry.resume();
      return;
    }
    if (!['File', 'OldFile', 'ContiguousFile'].includes(entry.type))
      throw this.#invalid(`${shown} is of the kind ${entry.type}, not a file`);
    const path = entry.path.replace(/^(\.\/)+/, '');
    const problem = pathProblem(path);
    if (problem) throw this.#invalid(`${shown} is no path to unpack to: ${problem}`);
    const [top = ''] = path.split('/');
    if (!/^run-[A-Za-z0-9_-]{1,100}$/.test(top) || top === path)
      throw this.#invalid(`${shown} is not below a folder run-…`);
    if (this.#top !== undefined && this.#top !== top)
      throw this.#invalid(`it holds ${this.#top} and ${top}, which is not one package`);
    if (this.#paths.has(path)) throw this.#invalid(`it holds ${shown} twice`);
    this.#paths.add(path);
    this.#bytes += entry.size;
    const { files, bytes } = this.#limits;
    if (this.#paths.size > files) throw this.#invalid(`it holds more than ${files} files`);
    if (this.#bytes > bytes) throw this.#invalid(`its files have more than ${bytes} bytes`);
    const target = join(this.#into, path);
    if (this.#top === undefined) {
      await mkdir(this.#into, { recursive: true });
      // Not one that is there: nothing else may be in it, and it is not ours to remove.
      await mkdir(join(this.#into, top)).catch((error: unknown) => {
        throw errorCodeOf(error) === 'EEXIST' ? this.#invalid(`${top} is in ${this.#into} already`) : error;
      });
      this.#top = top;
    }
    const handle = await this.#create(target).catch((error: unknown) => {
      const taken = ['EEXIST', 'ENOTDIR', 'EISDIR'].includes(errorCodeOf(error) ?? '');
      throw taken ? this.#invalid(`${shown} is in the way of another path of it`) : error;
    });
    try {
      for await (const chunk of entry) await handle.appendFile(chunk);
    } finally {
      await handle.close();
    }
  }

  async #create(target: string): Promise<FileHandle> {
    await mkdir(dirname(target), { recursive: true });
    return await open(target, 'wx', 0o644);
  }

  #invalid(why: string): HeptadError {
    return invalid(this.#file, why);
  }
}

const invalid = (file: string, why: string): HeptadError =>
  new HeptadError('InputInvalid', `${printable(file)} cannot be unpacked: ${why}.`);
