import { parsePatch, type StructuredPatchHunk } from 'diff';

// Runs in a thread as well, so it imports packages only.

/** For {@link runInThread}. */
export const applySectionModule = import.meta.url;

/** A file's text, and what a patch says about it. */
export interface TextAndSection {
  readonly text: string;
  /** Begins with the line `diff --git`. */
  readonly section: string;
}

/** The text that a patch makes, or why it makes none, as the end of a sentence about the patch. */
export type Applied = { readonly text: string } | { readonly problem: string };

/** Applies what a patch says about one file to the file's text. */
export function applySection({ text, section }: TextAndSection): Applied {
  let hunks: readonly StructuredPatchHunk[];
  try {
    hunks = parsePatch(section)[0]?.hunks ?? [];
  } catch (error) {
    return { problem: `cannot be read: ${String(error)}` };
  }
  const made = applyHunks(text, hunks);
  return made === undefined ? { problem: 'does not fit the file' } : { text: made };
}

/**
 * Applies hunks exactly where they say. The library's own function looks for a place nearby, and ends an empty file's
 * new last line with a line break that the patch denies.
 *
 * @returns undefined where a line is not the one that a hunk expects there
 */
function applyHunks(text: string, hunks: readonly StructuredPatchHunk[]): string | undefined {
  const old = lineOf(text);
  const made: string[] = [];
  let at = 0;
  for (const { oldStart, oldLines, lines } of hunks) {
    // A hunk without old lines counts from the line before it; in an empty file both ways of counting are met.
    const start = oldLines === 0 ? Math.min(oldStart - 1, old.length) : oldStart - 1;
    if (start < at || start > old.length) return undefined;
    made.push(old.slice(at, start).join(''));
    at = start;
    for (const [index, line] of lines.entries()) {
      const sign = line.charAt(0);
      if (sign === '\\') continue;
      const content = line.slice(1) + (lines[index + 1]?.startsWith('\\') ? '' : '\n');
      if (sign !== '+' && old[at++] !== content) return undefined;
      if (sign !== '-') made.push(content);
    }
  }
  return [...made, ...old.slice(at)].join('');
}

const lineOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
