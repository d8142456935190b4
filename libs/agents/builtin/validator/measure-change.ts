import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { structuredPatch } from 'diff';
import type { ValidationReport } from '../../../contracts/reports/candidate.js';
import { listFiles } from '../subject/list-files.js';

/** Milliseconds after which a file's difference is taken as all lines removed and all lines added. */
const patience = 10_000;

/** The size of the change from one folder to another, by the shortest difference of lines of each file. */
export function measureChange(before: string, after: string): ValidationReport['change'] {
  const change = { files: 0, linesAdded: 0, linesRemoved: 0, largestDeletion: 0 };
  for (const file of new Set([...listFiles(before), ...listFiles(after)])) {
    const [old, now] = [bytesOf(join(before, file)), bytesOf(join(after, file))];
    if (old.equals(now)) continue;
    change.files += 1;
    const binary = old.includes(0) || now.includes(0);
    const hunks = binary ? [] : hunksOf(old.toString('utf8'), now.toString('utf8'));
    for (const lines of hunks) {
      const added = lines.filter((line) => line.startsWith('+')).length;
      const removed = lines.filter((line) => line.startsWith('-')).length;
      change.linesAdded += added;
      change.linesRemoved += removed;
      if (added === 0) change.largestDeletion = Math.max(change.largestDeletion, removed);
    }
  }
  return change;
}

/** Each run of changed lines by itself, without the lines around it. */
function hunksOf(old: string, now: string): string[][] {
  const patch = structuredPatch('', '', old, now, '', '', { context: 0, timeout: patience });
  if (patch !== undefined) return patch.hunks.map(({ lines }) => lines);
  return [[...old.split('\n').map((line) => `-${line}`), ...now.split('\n').map((line) => `+${line}`)]];
}

const bytesOf = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));
