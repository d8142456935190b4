import { type StructuredPatchHunk, structuredPatch } from 'diff';

/**
 * The hunks that turn one text into another. The result depends on the texts alone, never on time: texts that differ
 * in more than 1,000 lines are replaced whole.
 */
export async function lineHunks(before: string, after: string): Promise<readonly StructuredPatchHunk[]> {
  // Few edits take some 20 ms at most. More are looked for in turns with the event loop, at a millisecond per edit.
  const quick = structuredPatch('', '', before, after, undefined, undefined, {
    context: 3,
    maxEditLength: 500,
  });
  if (quick !== undefined) return quick.hunks;
  const slow = await new Promise<readonly StructuredPatchHunk[] | undefined>((resolve) => {
    structuredPatch('', '', before, after, undefined, undefined, {
      context: 3,
      maxEditLength: 1000,
      callback: (patch) => resolve(patch?.hunks),
    });
  });
  return slow ?? [replacement(before, after)];
}

function replacement(before: string, after: string): StructuredPatchHunk {
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
