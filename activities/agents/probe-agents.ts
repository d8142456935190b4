import { type Driver, drivers, startDriver } from '../../libs/agents/start-driver.js';
import type { AgentActivities } from '../../libs/contracts/activities.js';
import type { Assignment } from '../../libs/contracts/phase.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { noteSandbox } from '../../libs/temporal/attempt-notes.js';
import { interruptible } from '../../libs/temporal/interruptible.js';
import type { AgentDependencies } from './dependencies.js';

type Probe = Assignment['probes'][number];

/** Starts something in the sandbox for real by each driver, and stores what was seen as a list of probes. */
export const probeAgents =
  (dependencies: AgentDependencies): AgentActivities['probeAgents'] =>
  async ({ run }) => {
    const { store } = dependencies;
    const probes = await interruptible((signal) =>
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
    const sandbox = await startDriver(driver, { ...dependencies, run, signal });
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
