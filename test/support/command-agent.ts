import type { AgentManifest } from '../../libs/contracts/agent.js';

interface CommandAgent {
  readonly id: string;
  readonly capability: string;
  /** What it hands back as its outcome. */
  readonly outcome: Readonly<Record<string, unknown>>;
  /** A shell command that changes the workspace before it answers; left out where it does not write. */
  readonly change?: string | undefined;
  /** A shell command in place of that and the answer; it writes the answer. */
  readonly command?: string | undefined;
}

/** An agent for tests: a shell command that answers with an outcome, so that it can be executed again. */
export function commandAgent({ id, capability, outcome, change, command }: CommandAgent): AgentManifest {
  const print = `cat <<'ANSWER'\n${JSON.stringify({ status: 'done', outcome, measurements: {} })}\nANSWER`;
  const whole = change === undefined ? print : `${change} && ${print}`;
  return {
    id: `agent.${id}`,
    version: '1.0.0',
    title: id,
    layer: 'specialist',
    role: 'test',
    domain: 'test',
    capabilities: [capability],
    driver: { kind: 'command', command: ['/bin/sh', '-c', command ?? whole] },
    parameters: {},
    profile: {
      memoryBytes: 256 * 1024 * 1024,
      processes: 32,
      wallMs: 20_000,
      diskBytes: 64 * 1024 * 1024,
      fileBytes: 16 * 1024 * 1024,
      outputBytes: 1024 * 1024,
      network: 'none',
    },
    writes: change !== undefined,
    comparison: 'digest',
    capacity: 4,
  };
}
