import { diffIndices } from 'node-diff3';

// Runs in a thread as well, so it imports packages only.

/** A text and what others made of it. */
export interface TextVersions {
  readonly base: string;
  readonly versions: readonly string[];
}

/** A run of lines of the base that at least one version has otherwise. */
export interface TextRegion {
  /** First line of the base, from 1; where lines are only added, the one before which they are. */
  readonly first: number;
  /** Lines of the base. */
  readonly count: number;
  /** What stands there in the base. */
  readonly base: string;
  /** What stands there in each version. */
  readonly versions: readonly string[];
}

/** For `runInThread`. */
export const textRegionsModule = import.meta.url;

/**
 * Divides a text into the regions in which versions of it differ from it. Changes of two versions that overlap or touch
 * are one region, as in a three-way merge; changes in different regions can be combined at will. Lines keep their ends,
 * so a version is the base with that version's text in every region, byte for byte.
 */
export function textRegions({ base, versions }: TextVersions): TextRegion[] {
  const lines = linesOf(base);
  const edits = versions.map((version) => editsOf(lines, linesOf(version)));
  return spansOf(edits.flat()).map(({ start, end }) => ({
    first: start + 1,
    count: end - start,
    base: lines.slice(start, end).join(''),
    versions: edits.map((ofVersion) => contentOf(lines, ofVersion, start, end)),
  }));
}

/** The lines of a text, each with its end. */
export const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/));

/** Lines `start` to `end` (from 0, exclusive) of the base become others. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

const editsOf = (base: string[], version: string[]): Edit[] =>
  diffIndices(base, version).map(({ buffer1: [start, count], buffer2Content: lines }) => ({
    start,
    end: start + count,
    lines,
  }));

function spansOf(edits: readonly Edit[]): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = spans.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}

function contentOf(base: readonly string[], edits: readonly Edit[], start: number, end: number): string {
  const content: string[] = [];
  let at = start;
  for (const edit of edits) {
    if (edit.start < start || edit.end > end) continue;
    content.push(...base.slice(at, edit.start), ...edit.lines);
    at = edit.end;
  }
  content.push(...base.slice(at, end));
  return content.join('');
}
