import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { AgentManifest, SandboxInForce } from '../contracts/agent.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { microProbe } from '../roster/micro.js';
import { probe } from '../roster/roster.js';
import { probeSandbox } from '../sandbox/probe-sandbox.js';
import { openMicroSandbox } from '../sandbox/wasm/open-micro-sandbox.js';
import { wasmInForce } from '../sandbox/wasm/wasm-in-force.js';
import type { AgentRoom } from './agent-room.js';
import { readMicroProgram } from './micro-program.js';
import { runAgent } from './run-agent.js';

export type Driver = AgentManifest['driver']['kind'];

/** Every driver that there is. */
export const drivers: readonly Driver[] = ['builtin', 'command', 'micro'];

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
    case 'micro':
      return await probeMicro(start.programsFolder);
  }
}

/** What a program could reach the world by, or could differ by from one execution to the next. */
const outside = [
  'fetch',
  'require',
  'process',
  'global',
  'WebAssembly',
  'setTimeout',
  'console',
  'Date',
  'performance',
  'eval',
  'Function',
  'SharedArrayBuffer',
];

/** Runs a micro program that tries to reach what is outside of it. */
async function probeMicro(programsFolder: string): Promise<SandboxInForce> {
  const { source, limits } = await readMicroProgram(programsFolder, microProbe);
  const sandbox = await openMicroSandbox(source, limits);
  try {
    const { reached } = z.strictObject({ reached: z.array(z.string()) }).parse(await sandbox.call(outside));
    if (reached.length === 0) return wasmInForce(limits);
    throw new HeptadError('SandboxUnavailable', `From within QuickJS, ${reached.join(', ')} can be reached.`);
  } finally {
    sandbox.dispose();
  }
}

async function emptyWorkspace(store: ArtifactStore): Promise<SnapshotRef> {
  const { digest } = await store.putJson({ version: 1, entries: [] });
  return { digest, files: 0, bytes: 0 };
}
