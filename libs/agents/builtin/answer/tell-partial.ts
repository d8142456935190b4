import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { longestPartial, partialFile } from '../../partial-file.js';
import type { Places } from '../subject/places.js';

/**
 * Says how far the work is, to whoever watches the run. It is gone once the work is done: what counts belongs in the
 * outcome. Of what is longer than 2 KB as JSON, and where nobody can watch, nothing is said.
 */
export function tellPartial({ outputs }: Pick<Places, 'outputs'>, value: Record<string, unknown>): void {
  const line = `${JSON.stringify(value)}\n`;
  if (outputs === undefined || Buffer.byteLength(line) > longestPartial + 1) return;
  appendFileSync(join(outputs, partialFile), line);
}
