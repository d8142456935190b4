import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { longestPartial, partialFile } from './partial-file.js';

/** Between two looks, in milliseconds. */
const interval = 500;

/** How much of the file's end is read in one look, in bytes: what was written before is of no interest any more. */
const window = 4 * (longestPartial + 1);

/** Looks for what a program says of its work while it runs. */
export interface PartialWatch {
  /** Looks a last time, so that what a program said at its end is told too; resolves once nothing is being read. */
  stop(): Promise<void>;
}

/**
 * Tells the last line of `partial.jsonl` in a folder whenever another one was written. The file is the program's: links
 * are not followed, and a line that is not JSON, longer than {@link longestPartial}, or not ended yet is passed over.
 * What cannot be read tells nothing, and never fails the execution.
 *
 * @param every between two looks, in milliseconds
 */
export function watchPartial(
  folder: string,
  tell: (value: unknown) => void,
  every: number = interval,
): PartialWatch {
  const path = join(folder, partialFile);
  let told: string | undefined;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const line = await lastLine(path);
    if (line === undefined || line === told) return;
    told = line;
    tell(JSON.parse(line));
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(() => void lookOnce(), every);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      // One that is under way may have read before the last line was written.
      await looking;
      await lookOnce();
    },
  };
}

async function lastLine(path: string): Promise<string | undefined> {
  // A named pipe would hold up who opens it to read.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return undefined;
    const from = Math.max(0, facts.size - window);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(facts.size, window)), {
      position: from,
    });
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    // The last one is not ended, and the first one may have begun before.
    return lines.slice(from === 0 ? 0 : 1, -1).findLast(isPartial);
  } finally {
    await file.close();
  }
}

function isPartial(line: string): boolean {
  if (line.trim() === '' || Buffer.byteLength(line) > longestPartial) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
