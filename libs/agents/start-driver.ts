import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { AgentManifest, SandboxInForce } from '../contracts/agent.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { probe } from '../roster/roster.js';
import { probeSandbox } from '../sandbox/probe-sandbox.js';
import type { AgentRoom } from './agent-room.js';
import { runAgent } from './run-agent.js';

export type Driver = AgentManifest['driver']['kind'];

/** Every driver that there is. */
export const drivers: readonly Driver[] = ['builtin', 'command'];

interface Start extends AgentRoom {
  readonly store: ArtifactStore;
  readonly run: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts something in the sandbox for real by a driver, and says what confined it.
 *
 * @throws HeptadError `SandboxUnavailable`, and as `runAgent` does
 */
export async function startDriver(driver: Driver, start: Start): Promise<SandboxInForce> {
  switch (driver) {
    case 'command':
      return await probeSandbox(start.sandboxHost);
    case 'builtin': {
      const { store, run } = start;
      const { digest: agent } = await store.putJson(probe);
      const workspace = await emptyWorkspace(store);
      const task = { run, item: 'probe', agent, agentId: probe.id, workspace, parameters: {}, inputs: {} };
      const { sandbox } = await runAgent({ ...start, manifest: probe, run: task });
      return sandbox;
    }
  }
}

async function emptyWorkspace(store: ArtifactStore): Promise<SnapshotRef> {
  const { digest } = await store.putJson({ version: 1, entries: [] });
  return { digest, files: 0, bytes: 0 };
}
