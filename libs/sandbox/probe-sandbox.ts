import { unavailable } from './describe-host.js';
import { runInSandbox } from './run-in-sandbox.js';
import type { SandboxHost, SandboxInForce, SandboxProfile } from './sandbox.js';

const smallest: SandboxProfile = {
  memoryBytes: 64 * 1024 * 1024,
  processes: 8,
  wallMs: 10_000,
  diskBytes: 1024 * 1024,
  outputBytes: 1024,
  fileBytes: 1024 * 1024,
  network: 'none',
};

/**
 * Starts a trivial program in a sandbox for real, and says what was in force.
 *
 * @throws SandboxUnavailable naming what is missing and what to do
 */
export async function probeSandbox(host: SandboxHost): Promise<SandboxInForce> {
  const { ended, stderr, inForce } = await runInSandbox(host, {
    command: ['/bin/sh', '-c', 'exit 0'],
    cwd: '/',
    env: {},
    mounts: [],
    profile: smallest,
  });
  if (ended.kind === 'exited' && ended.code === 0) return inForce;
  throw unavailable(
    `A trivial program did not end well in a sandbox: ${JSON.stringify(ended)} ${stderr.toString().trim()}.`,
  );
}
