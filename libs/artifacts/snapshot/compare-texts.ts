import { type StructuredPatchHunk, structuredPatch } from 'diff';

// Runs in a thread as well, so it imports packages only.

/** The text of one path before and after. */
export interface TextChange {
  /** Empty where the path is added. */
  readonly before: string;
  /** Empty where the path is removed. */
  readonly after: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

/** For {@link runInThread}. */
export const compareTextsModule = import.meta.url;

/**
 * The hunks, as a patch has them, that turn one text into another: empty where nothing differs. The result depends on
 * the texts alone, never on time: texts that differ in more than 1,000 lines are replaced whole.
 */
export const compareTexts = (change: TextChange): string =>
  compareAlike(change, 1000) ?? written([replacement(change)], change);

/**
 * What {@link compareTexts} gives, for texts that do not differ much.
 *
 * @param edits how many lines to remove and to add at most
 * @returns undefined where there are more
 */
export function compareAlike(change: TextChange, edits: number): string | undefined {
  const { before, after, kind } = change;
  // There is nothing to look for. The hunk is the one that a search would find.
  if (kind !== 'changed') return before === after ? '' : written([replacement(change)], change);
  const options = { context: 3, maxEditLength: edits };
  const found = structuredPatch('', '', before, after, undefined, undefined, options);
  return found && written(found.hunks, change);
}

function written(hunks: readonly StructuredPatchHunk[], { kind }: TextChange): string {
  const parts = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
    // By the format an empty side counts from the line before it.
    const from = `${oldLines === 0 && kind === 'added' ? 0 : oldStart},${oldLines}`;
    const to = `${newLines === 0 && kind === 'removed' ? 0 : newStart},${newLines}`;
    return `@@ -${from} +${to} @@\n${lines.join('\n')}\n`;
  });
  return parts.join('');
}

function replacement({ before, after }: TextChange): StructuredPatchHunk {
  const old = linesOf(before, '-');
  const now = linesOf(after, '+');
  return {
    oldStart: old.count === 0 ? 0 : 1,
    oldLines: old.count,
    newStart: now.count === 0 ? 0 : 1,
    newLines: now.count,
    lines: [...old.lines, ...now.lines],
  };
}

function linesOf(text: string, sign: '-' | '+'): { count: number; lines: string[] } {
  if (text === '') return { count: 0, lines: [] };
  const complete = text.endsWith('\n');
  const parts = (complete ? text.slice(0, -1) : text).split('\n');
  const lines = parts.map((line) => `${sign}${line}`);
  return { count: parts.length, lines: complete ? lines : [...lines, '\\ No newline at end of file'] };
}
