import { availableParallelism, totalmem } from 'node:os';
import type { Capacity } from '../contracts/phase.js';

/** The rest is for Heptad itself, the engine and the system. */
const partForAgents = 0.75;

/** What this machine, or the container that this process is in, has for agents. */
export function machineCapacity(): Capacity {
  // without a container's limit it is 0, or more than there is
  const allowed = process.constrainedMemory();
  const memory = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
  return { cores: availableParallelism(), memoryBytes: Math.floor(memory * partForAgents) };
}
