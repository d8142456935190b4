import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** One line of a log, as pino writes it; what else it has are its fields. */
const logLineSchema = z.looseObject({
  level: z.string(),
  /** ISO 8601. */
  time: z.string(),
  /** The process that wrote it. */
  name: z.string(),
  run: z.string(),
  msg: z.string().default(''),
});
export type LogLine = z.infer<typeof logLineSchema>;

/**
 * The lines of a run in all logs of a folder, by time. Lines that are no JSON, such as those of the engine, belong to
 * no run.
 */
export async function readRunLog(folder: string, run: string): Promise<readonly LogLine[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const lines: LogLine[] = [];
  for (const name of names.filter((each) => each.endsWith('.log')).sort())
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      // Parsing every line of a long log to find a few is most of the work.
      if (!line.includes(run)) continue;
      const parsed = parse(line);
      if (parsed?.run === run) lines.push(parsed);
    }
  return lines.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

function parse(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return logLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    // The last line of a process that was killed may be cut off.
    return undefined;
  }
}
