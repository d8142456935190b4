import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const inputSchema = z.object({ dismissed: z.array(z.string()) });

/** Keys that results of earlier items say are not to be discovered again; an input without such keys has none. */
export function dismissedByInputs(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const parsed = inputSchema.safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      return parsed.success ? parsed.data.dismissed : [];
    });
}
