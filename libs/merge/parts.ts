import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { mediaType } from '../artifacts/media-types.js';
import type { Part } from '../contracts/reports/merge.js';
import type { SnapshotEntry } from '../contracts/subject.js';
import type { Digest } from '../protocol/digest.js';
import type { ChangedFile } from './changed-files.js';
import { type Division, divideFile, type PieceOption } from './divide-file.js';
import type { Estimate } from './estimate.js';
import type { Genome, Refinement } from './genome.js';

type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

interface Variant {
  readonly digest: Digest | null;
  /** The parents that have it so; `base` for what was captured; none for what is merged of several. */
  readonly from: readonly string[];
  readonly gain: number;
  /** See `SearchPart`. */
  readonly trusted: boolean;
}

/** A file as a whole. */
export interface FilePart {
  readonly kind: 'file';
  readonly path: string;
  /** How many of the first variants are versions as captured or as parents have them; the others are merged. */
  readonly versions: number;
  readonly variants: readonly (Variant & {
    readonly entry: SnapshotEntry | null;
    /** The option of each piece, where the file can be divided. */
    readonly options: Genome;
  })[];
  /** Undefined where it stays whole. */
  readonly pieces: readonly PiecePart[] | undefined;
}

/** A hunk of a text or a node of a JSON file. */
export interface PiecePart {
  readonly kind: 'hunk' | 'json';
  readonly path: string;
  readonly where: string;
  readonly variants: readonly Variant[];
  /** The file's division, and its captured entry. */
  readonly division: Division;
  readonly base: FileEntry;
}

export type MergePart = FilePart | PiecePart;

/**
 * The parts over which candidates are crossed: each changed file, with the versions that parents have of it and those
 * that come of merging their hunks or nodes.
 *
 * @param eligible the parents that pass
 */
export async function partsOf(
  store: ArtifactStore,
  files: readonly ChangedFile[],
  eligible: ReadonlySet<string>,
  estimate: Estimate,
  signal?: AbortSignal,
): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const division = await divideFile(store, file, signal);
    parts.push(
      division
        ? await dividedPart(store, file, division, eligible, estimate)
        : await wholePart(store, file, eligible, estimate),
    );
  }
  return parts;
}

/** The pieces of a file in place of it. */
export function refine(part: MergePart): Refinement<MergePart> | undefined {
  if (part.kind !== 'file' || !part.pieces) return undefined;
  return { parts: part.pieces, variants: part.variants.map(({ options }) => options) };
}

/** A part as the report has it. What is merged of a file is not among its variants, but in the pieces of it. */
export function described(part: MergePart): Part {
  const { kind, path } = part;
  const where = part.kind === 'file' ? null : part.where;
  const variants = part.kind === 'file' ? part.variants.slice(0, part.versions) : part.variants;
  return {
    id: where === null ? path : `${path}#${where}`,
    path,
    kind,
    where,
    variants: variants.map(({ digest, from }) => ({ digest, from: [...from].sort() })),
  };
}

async function wholePart(
  store: ArtifactStore,
  { path, base, versions }: ChangedFile,
  eligible: ReadonlySet<string>,
  estimate: Estimate,
): Promise<FilePart> {
  const trusted = (parents: readonly string[]): boolean => parents.some((parent) => eligible.has(parent));
  const variants: FilePart['variants'][number][] = [
    { digest: await digestOf(store, base), from: ['base'], entry: base, gain: 0, trusted: true, options: [] },
  ];
  for (const version of versions)
    variants.push({
      digest: await digestOf(store, version.entry),
      from: version.parents,
      entry: version.entry,
      gain: estimate.whole(path, version),
      trusted: trusted(version.parents),
      options: [],
    });
  return { kind: 'file', path, versions: variants.length, variants, pieces: undefined };
}

async function dividedPart(
  store: ArtifactStore,
  file: ChangedFile,
  division: Division,
  eligible: ReadonlySet<string>,
  estimate: Estimate,
): Promise<FilePart> {
  const { path, base, versions } = file;
  if (base?.kind !== 'file') return await wholePart(store, file, eligible, estimate);
  const parentsOf = ({ versions: having }: PieceOption): string[] => {
    const names = having.flatMap((version) => versions[version]?.parents ?? []);
    return names.length > 0 ? names : ['base'];
  };
  const gains = estimate.pieces(file, division);
  const passing = versions.map(({ parents }) => parents.some((parent) => eligible.has(parent)));
  return await store.batch(async (writer) => {
    const pieces: PiecePart[] = [];
    for (const [index, piece] of division.pieces.entries()) {
      const variants: Variant[] = [];
      for (const [option, one] of piece.options.entries()) {
        const stored = one.content === null ? null : await writer.put(one.content, mediaType.text);
        variants.push({
          digest: stored?.digest ?? null,
          from: parentsOf(one),
          gain: gains[index]?.[option] ?? 0,
          trusted: option === 0 || one.versions.some((version) => passing[version]),
        });
      }
      pieces.push({ kind: division.kind, path, where: piece.where, variants, division, base });
    }
    const variants: FilePart['variants'][number][] = [];
    for (const options of genomesOf(division, passing, gains)) {
      const { digest, size } = await writer.put(division.assemble(options), mediaType.bytes);
      variants.push({
        digest,
        from: variants.length === 0 ? ['base'] : (versions[variants.length - 1]?.parents ?? []),
        gain: options.reduce((sum, option, index) => sum + (gains[index]?.[option] ?? 0), 0),
        trusted: options.every((option, index) => pieces[index]?.variants[option]?.trusted),
        options,
        entry: { ...base, digest, size },
      });
    }
    return { kind: 'file', path, versions: versions.length + 1, variants, pieces };
  });
}

/**
 * The options of each piece for the captured file, for each version, and for each version together with what of the
 * others merges cleanly beside it, once of those that pass and once of all.
 */
function genomesOf(
  { pieces }: Division,
  passing: readonly boolean[],
  gains: readonly (readonly number[])[],
): Genome[] {
  const having = (version: number): Genome =>
    pieces.map(({ options }) =>
      Math.max(
        0,
        options.findIndex((option) => option.versions.includes(version)),
      ),
    );
  const own = passing.map((_, version) => having(version));
  const besides = (options: Genome, among: (version: number) => boolean): Genome =>
    options.map((option, index) => {
      const gainOf = (other: number): number => gains[index]?.[other] ?? 0;
      if (option !== 0 && gainOf(option) >= 0) return option;
      const others = [...(pieces[index]?.options.keys() ?? [])].filter((other) =>
        pieces[index]?.options[other]?.versions.some(among),
      );
      return others.reduce((best, other) => (gainOf(other) > gainOf(best) ? other : best), 0);
    });
  const passes = (version: number): boolean => passing[version] ?? false;
  const all = [
    pieces.map(() => 0),
    ...own,
    ...own.filter((_, version) => passes(version)).map((options) => besides(options, passes)),
    ...own.map((options) => besides(options, () => true)),
  ];
  return [...new Map(all.map((options) => [options.join(','), options])).values()];
}

/** That of a file's bytes; for a link, of the path that it leads to. */
async function digestOf(store: ArtifactStore, entry: SnapshotEntry | null): Promise<Digest | null> {
  if (entry === null) return null;
  return entry.kind === 'file' ? entry.digest : (await store.put(entry.target, mediaType.text)).digest;
}
