import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { materialise } from '../artifacts/snapshot/materialise.js';
import type { AgentManifest, AgentRun } from '../contracts/agent.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import type { Mount } from '../sandbox/sandbox.js';
import { dependencyFolder } from '../subjects/dependency-folder.js';

/** Where the node of Heptad and its programs are inside a sandbox. */
export const inside = {
  node: '/heptad/bin/node',
  program: (name: string): string => `/heptad/agents/${name}.mjs`,
  workspace: '/subject/package',
} as const;

export interface Folders {
  /** The workspace as the agent leaves it. */
  readonly workspace: string;
  /** Files that the agent wrote beside its answer. */
  readonly outputs: string;
  readonly mounts: readonly Mount[];
}

/** Writes everything that an agent reads into a folder, and says where each part is to be seen in its sandbox. */
export async function prepareFolders(
  store: ArtifactStore,
  folder: string,
  what: {
    readonly manifest: AgentManifest;
    readonly run: AgentRun;
    readonly before: SnapshotRef | undefined;
    readonly cache: string;
    readonly toolsFolder: string;
    readonly programsFolder: string;
    readonly signal: AbortSignal | undefined;
    readonly onActivity: (() => void) | undefined;
  },
): Promise<Folders> {
  const { manifest, run, before } = what;
  const at = (name: string): string => join(folder, name);
  const options = { signal: what.signal, heartbeat: what.onActivity };
  const mounts: Mount[] = [{ source: process.execPath, target: inside.node, writable: false }];
  if (manifest.driver.kind === 'builtin') {
    const { program } = manifest.driver;
    mounts.push({
      source: join(what.programsFolder, `${program}.mjs`),
      target: inside.program(program),
      writable: false,
    });
    mounts.push({ source: what.toolsFolder, target: '/heptad/node_modules', writable: false });
  }
  await materialise(store, run.workspace, at('workspace'), options);
  mounts.push({ source: at('workspace'), target: inside.workspace, writable: manifest.writes });
  if (run.dependencies !== undefined) {
    const tree = await dependencyFolder(store, what.cache, run.dependencies, options);
    mounts.push({ source: tree, target: '/subject/node_modules', writable: false });
  }
  if (before !== undefined) {
    await materialise(store, before, at('before'), options);
    mounts.push({ source: at('before'), target: '/before', writable: false });
  }
  await mkdir(at('inputs'), { mode: 0o755 });
  for (const [name, { digest }] of Object.entries(run.inputs)) {
    await writeFile(at(`inputs/${checkedName(name)}.json`), await store.get(digest), { mode: 0o644 });
  }
  mounts.push({ source: at('inputs'), target: '/inputs', writable: false });
  await mkdir(at('outputs'));
  mounts.push({ source: at('outputs'), target: '/outputs', writable: true });
  return { workspace: at('workspace'), outputs: at('outputs'), mounts };
}

function checkedName(name: string): string {
  if (/^[\w][\w.-]{0,99}$/.test(name)) return name;
  throw new HeptadError('InputInvalid', `The input "${name}" of an agent cannot be the name of a file.`);
}
