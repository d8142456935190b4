import { runAgent } from '../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { AgentActivities } from '../../libs/contracts/activities.js';
import type { AgentManifest, SandboxInForce } from '../../libs/contracts/agent.js';
import type { Assignment } from '../../libs/contracts/phase.js';
import type { SnapshotRef } from '../../libs/contracts/subject.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { probe } from '../../libs/roster/roster.js';
import { probeSandbox } from '../../libs/sandbox/probe-sandbox.js';
import { noteSandbox } from '../../libs/temporal/attempt-notes.js';
import { heartbeating } from '../../libs/temporal/heartbeating.js';
import type { AgentDependencies } from './dependencies.js';

type Probe = Assignment['probes'][number];
type Driver = AgentManifest['driver']['kind'];

const drivers: readonly Driver[] = ['builtin', 'command'];

/** Starts something in the sandbox for real by each driver, and stores what was seen as a list of probes. */
export const probeAgents =
  (dependencies: AgentDependencies): AgentActivities['probeAgents'] =>
  async ({ run }) => {
    const { store } = dependencies;
    const probes = await heartbeating((signal) =>
      Promise.all(drivers.map((driver) => probeDriver(dependencies, run, driver, signal))),
    );
    const [inForce] = probes.flatMap(({ sandbox }) => sandbox ?? []);
    if (inForce) noteSandbox(inForce);
    return { probes: await store.putJson(probes) };
  };

async function probeDriver(
  dependencies: AgentDependencies,
  run: string,
  driver: Driver,
  signal: AbortSignal,
): Promise<Probe> {
  try {
    const sandbox = await startBy(dependencies, run, driver, signal);
    return {
      driver,
      ok: true,
      sandbox,
      says: `A program started by it was confined by ${sandbox.isolation}.`,
    };
  } catch (error) {
    if (!(error instanceof HeptadError)) throw error;
    return { driver, ok: false, sandbox: null, says: error.message };
  }
}

async function startBy(
  dependencies: AgentDependencies,
  run: string,
  driver: Driver,
  signal: AbortSignal,
): Promise<SandboxInForce> {
  switch (driver) {
    case 'command':
      return await probeSandbox(dependencies.sandboxHost);
    case 'builtin': {
      const { digest: agent } = await dependencies.store.putJson(probe);
      const workspace = await emptyWorkspace(dependencies.store);
      const task = { run, item: 'probe', agent, agentId: probe.id, workspace, parameters: {}, inputs: {} };
      const { sandbox } = await runAgent({ ...dependencies, manifest: probe, run: task, signal });
      return sandbox;
    }
  }
}

async function emptyWorkspace(store: ArtifactStore): Promise<SnapshotRef> {
  const { digest } = await store.putJson({ version: 1, entries: [] });
  return { digest, files: 0, bytes: 0 };
}
