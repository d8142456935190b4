import { mediaType } from '../../artifacts/media-types.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import type { Execution } from '../../contracts/phase.js';
import type { SnapshotEntry } from '../../contracts/subject.js';
import { contractsOf } from './changed-results.js';
import type { Forgery, Material, Rejecting } from './forgery.js';

type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

/** Replaces the first workspace that was handed back by one with other entries, honestly counted. */
const changingEntries = (
  name: string,
  change: (entries: SnapshotEntry[], file: FileEntry) => unknown[],
  { by = 'A', of = () => true }: { by?: Rejecting; of?: (contract: string | undefined) => boolean } = {},
): Forgery<Execution> => ({
  name,
  by,
  forge: async (material) => {
    const found = await firstWorkspace(material, of);
    if (!found) return undefined;
    const entries = change(found.entries, found.file) as SnapshotEntry[];
    const { digest } = await material.store.putJson({ version: 1, entries }, mediaType.snapshot);
    const files = entries.filter((entry) => entry.kind === 'file');
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    return { output: await withWorkspace(material, found.item, { digest, files: files.length, bytes }) };
  },
});

const changingCounts = (name: string, files: number, bytes: number): Forgery<Execution> => ({
  name,
  by: 'A',
  forge: async (material) => {
    const found = await firstWorkspace(material);
    if (!found) return undefined;
    const { workspace } = found;
    const counted = { ...workspace, files: workspace.files + files, bytes: workspace.bytes + bytes };
    return { output: await withWorkspace(material, found.item, counted) };
  },
});

/** @param of whether the item's contract is one of those whose workspaces are looked for */
async function firstWorkspace(
  material: Material<Execution>,
  of: (contract: string | undefined) => boolean = () => true,
) {
  const { outcome: execution, store } = material;
  const contracts = await contractsOf(material);
  for (const { item, workspace } of execution.results) {
    if (!workspace || !of(contracts.get(item)?.name)) continue;
    const { entries } = await readSnapshot(store, workspace);
    const file = entries.find((entry) => entry.kind === 'file');
    if (file?.kind === 'file') return { item, workspace, entries, file };
  }
  return undefined;
}

async function withWorkspace(
  { outcome: execution, store }: Material<Execution>,
  item: string,
  workspace: unknown,
) {
  const results = execution.results.map((result) =>
    result.item === item ? { ...result, workspace } : result,
  );
  return await store.putJson({ ...execution, results });
}

const withAdded = (entries: SnapshotEntry[], file: FileEntry): unknown[] => [
  ...entries,
  { ...file, path: 'zzzz-added.js' },
];

/** Forgeries of the workspaces that agents handed back. */
export const workspaceForgeries: readonly Forgery<Execution>[] = [
  changingEntries('path-that-leads-out', (entries, file) => [{ ...file, path: '../outside.js' }, ...entries]),
  changingEntries('absolute-path', (entries, file) => [{ ...file, path: '/etc/outside.js' }, ...entries]),
  changingEntries('path-with-control-character', (entries, file) => [
    { ...file, path: '\u0007.js' },
    ...entries,
  ]),
  changingEntries('over-long-path', (entries, file) => [
    ...entries,
    { ...file, path: `z${'z'.repeat(5000)}` },
  ]),
  changingEntries('path-twice', (entries, file) => [file, ...entries]),
  changingEntries('paths-out-of-order', (entries, file) => [...entries, { ...file, path: '!.js' }]),
  changingEntries('link-that-leads-out', (entries) => [
    ...entries,
    { kind: 'link', path: 'zzzz-link', target: '../../etc/passwd' },
  ]),
  changingEntries('file-added-in-secret', withAdded, { of: (contract) => contract === 'candidate' }),
  // A report of another contract need not say what was changed, so only doing it again can tell.
  changingEntries('file-added-unsaid', withAdded, { by: 'B', of: (contract) => contract !== 'candidate' }),
  changingEntries('file-of-no-bytes', (entries, file) =>
    entries.map((entry) => (entry === file ? { ...file, digest: `sha256:${'0'.repeat(64)}` } : entry)),
  ),
  changingEntries('file-with-wrong-size', (entries, file) =>
    entries.map((entry) => (entry === file ? { ...file, size: file.size + 1 } : entry)),
  ),
  changingEntries('negative-file-size', (entries, file) =>
    entries.map((entry) => (entry === file ? { ...file, size: -1 } : entry)),
  ),
  changingCounts('workspace-with-fewer-files', -1, 0),
  changingCounts('workspace-with-more-bytes', 0, 1),
  {
    name: 'workspace-not-handed-back',
    by: 'A',
    forge: async (material) => {
      const found = await firstWorkspace(material);
      return found && { output: await withWorkspace(material, found.item, null) };
    },
  },
];
