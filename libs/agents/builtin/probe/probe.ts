import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import process from 'node:process';
import type { AgentTask } from '../../../contracts/agent.js';
import type { Done } from '../answer/serve-task.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';

/** What a program sees from within its sandbox: proof that driver and sandbox work, and of what they keep away. */
export async function probe(places: Places, _task: AgentTask): Promise<Done> {
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name: string): string | null =>
    new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(status)?.[1] ?? null;
  const outside = Object.entries(networkInterfaces())
    .filter(([, addresses]) => addresses?.some(({ internal }) => !internal))
    .map(([name]) => name);
  return {
    outcome: {
      kind: 'probe',
      node: process.version,
      privileged: process.getuid?.() === 0,
      capabilities: field('CapEff'),
      noNewPrivileges: field('NoNewPrivs') === '1',
      network: outside.length === 0 ? 'none' : 'present',
      workspaceWritable: mayWrite(places.workspace),
      scratchWritable: mayWrite(places.scratch),
    },
    // Which user it is and what of the system is mounted differs from one host to the next.
    measurements: {
      user: process.getuid?.() ?? null,
      root: readdirSync('/').sort(byCodeUnit),
      startMs: Math.round(performance.now()),
    },
  };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
