import { isUtf8 } from 'node:buffer';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { SnapshotEntry } from '../contracts/subject.js';
import { isLong } from '../threads/is-long.js';
import { runInThread } from '../threads/run-in-thread.js';
import type { ChangedFile } from './changed-files.js';
import { jsonNodes } from './json-nodes.js';
import { linesOf, type TextRegion, textRegions, textRegionsModule } from './text-regions.js';

/** Files of more bytes or lines are not divided: 512 KiB, 10,000 lines. */
const most = { bytes: 512 * 1024, lines: 10_000 } as const;

/** One way to have a piece. */
export interface PieceOption {
  /** The bytes of a hunk, or the JSON of a node; null where there is no such node. */
  readonly content: string | null;
  /** The file's versions that have it so, by index; none for the base. */
  readonly versions: readonly number[];
  /** Lines removed and added. */
  readonly lines: number;
  /** Lines that are not there any more. */
  readonly deleted: number;
}

/** A hunk or a node. */
export interface Piece {
  /** Lines `first-last` of the captured file (`last` is before `first` where lines are only added), or the JSON pointer. */
  readonly where: string;
  /** The base first. */
  readonly options: readonly PieceOption[];
}

/** A file in pieces, each of which can be chosen by itself. */
export interface Division {
  readonly kind: 'hunk' | 'json';
  readonly pieces: readonly Piece[];
  /** The whole text for an option of each piece. */
  readonly assemble: (options: readonly number[]) => string;
}

/**
 * Divides a file into what can be combined: the nodes of a JSON file that is formatted as `JSON.stringify` does it, the
 * hunks of any other text.
 *
 * @returns undefined where it stays whole: a parent adds or removes it or changes its kind or executable bit, it is not
 *   UTF-8 text, or it is large
 */
export async function divideFile(
  store: ArtifactStore,
  { path, base, versions }: ChangedFile,
  signal?: AbortSignal,
): Promise<Division | undefined> {
  const texts: string[] = [];
  for (const entry of [base, ...versions.map((version) => version.entry)]) {
    const text = await textOf(store, entry, base);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  const [before = '', ...after] = texts;
  const nodes = path.endsWith('.json') && !isLong(...texts) ? jsonNodes(before, after) : undefined;
  if (nodes) {
    const pieces = nodes.nodes.map((node) =>
      pieceOf(node.pointer, node.base, node.versions, () => ({ lines: 2, deleted: 0 })),
    );
    return { kind: 'json', pieces, assemble: (options) => nodes.assemble(chosen(pieces, options)) };
  }
  if (texts.some((text) => linesOf(text).length > most.lines)) return undefined;
  const input = { base: before, versions: after };
  const regions = isLong(...texts)
    ? await runInThread(textRegions, textRegionsModule, input, signal)
    : textRegions(input);
  return inHunks(before, regions);
}

function inHunks(base: string, regions: readonly TextRegion[]): Division {
  const lines = linesOf(base);
  const pieces = regions.map((region) =>
    pieceOf(`${region.first}-${region.first + region.count - 1}`, region.base, region.versions, (content) => {
      const now = linesOf(content ?? '').length;
      return { lines: region.count + now, deleted: Math.max(0, region.count - now) };
    }),
  );
  const assemble = (options: readonly number[]): string => {
    const contents = chosen(pieces, options);
    const parts: string[] = [];
    let at = 0;
    for (const [index, { first, count }] of regions.entries()) {
      parts.push(...lines.slice(at, first - 1), contents[index] ?? '');
      at = first - 1 + count;
    }
    return [...parts, ...lines.slice(at)].join('');
  };
  return { kind: 'hunk', pieces, assemble };
}

function pieceOf(
  where: string,
  base: string | null,
  versions: readonly (string | null)[],
  size: (content: string | null) => Pick<PieceOption, 'lines' | 'deleted'>,
): Piece {
  const options: { content: string | null; versions: number[]; lines: number; deleted: number }[] = [
    { content: base, versions: [], lines: 0, deleted: 0 },
  ];
  for (const [version, content] of versions.entries()) {
    const same = options.find((option) => option.content === content);
    if (same === undefined) options.push({ content, versions: [version], ...size(content) });
    else if (same !== options[0]) same.versions.push(version);
  }
  return { where, options };
}

const chosen = (pieces: readonly Piece[], options: readonly number[]): (string | null)[] =>
  pieces.map((piece, index) => piece.options[options[index] ?? 0]?.content ?? null);

async function textOf(
  store: ArtifactStore,
  entry: SnapshotEntry | null,
  base: SnapshotEntry | null,
): Promise<string | undefined> {
  if (entry?.kind !== 'file' || base?.kind !== 'file') return undefined;
  if (entry.executable !== base.executable || entry.size > most.bytes) return undefined;
  const bytes = await store.get(entry.digest);
  return bytes.includes(0) || !isUtf8(bytes) ? undefined : bytes.toString('utf8');
}
