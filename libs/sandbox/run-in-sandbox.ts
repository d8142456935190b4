import { HeptadError } from '../protocol/errors.js';
import { bubblewrapInput, notWithin } from './bubblewrap-arguments.js';
import { checkCommand } from './check-command.js';
import { describeHost, type HostFacts, unavailable } from './describe-host.js';
import { DiskWatch } from './disk-watch.js';
import { lendFolders } from './folder-loan.js';
import { judgeEnd } from './judge-end.js';
import { KeptOutput } from './kept-output.js';
import { type Limits, openLimits } from './limits.js';
import type { SandboxCommand, SandboxEnd, SandboxHost, SandboxInForce, SandboxOutcome } from './sandbox.js';
import { takeUser } from './sandbox-users.js';
import { type StartedProgram, startProgram } from './start-program.js';
import { watchProgram } from './watch-program.js';

/**
 * Runs one program in a sandbox of its own. How the program ended, whatever it did, is the outcome; an exception
 * means that it was not run, or that what held it failed.
 *
 * Afterwards no process of the sandbox exists, its control group is gone, and the writable folders belong to
 * their owner again. What lies in those folders is the program's: read it without following symbolic links, and
 * expect named pipes and sockets among the files.
 *
 * @throws InputInvalid the command cannot be run as it is given
 * @throws SandboxUnavailable this machine cannot isolate it; the message says what is missing
 * @throws DependencyUnreachable (retried) this process runs 64 sandboxes already
 */
export async function runInSandbox(host: SandboxHost, command: SandboxCommand): Promise<SandboxOutcome> {
  await checkCommand(command);
  const facts = await describeHost(host);
  const user = facts.root ? takeUser() : undefined;
  try {
    const limits = await openLimits(facts, command.profile);
    try {
      const loan = await lendFolders(command.mounts, user?.uid);
      const disk = new DiskWatch(loan, command.profile);
      try {
        return await runProgram(facts, command, limits, disk, user?.uid);
      } finally {
        disk.stop();
        await loan.giveBack();
      }
    } finally {
      await limits.remove();
    }
  } finally {
    user?.free();
  }
}

async function runProgram(
  facts: HostFacts,
  command: SandboxCommand,
  limits: Limits,
  disk: DiskWatch,
  uid: number | undefined,
): Promise<SandboxOutcome> {
  const { profile, signal } = command;
  const force = inForce(facts, limits, uid);
  if (signal?.aborted === true) return notRun(force);
  const begin = performance.now();
  const activity = () => command.onActivity?.();
  const reason = new FirstReason();
  const output = new KeptOutput(profile.outputBytes, {
    activity,
    flood: () => reason.give({ kind: 'limit', limit: 'output' }),
  });
  const input = bubblewrapInput(facts, command, { uid, userTasks: limits.userTasks });
  const program = startProgram(facts, limits, input, { stdin: command.stdin, output });
  reason.killing(program);
  const watch = watchProgram({
    program,
    limits,
    disk,
    profile,
    signal,
    activity,
    end: (why) => reason.give(why),
  });
  try {
    const code = await Promise.race([program.exit, watch.failed]);
    watch.stop();
    const init = await program.init;
    if (init === undefined) {
      // its last words are read when it is gone
      await program.gone();
      throw notStarted(output);
    }
    const reading = await limits.read(init);
    await program.gone();
    const wallMs = performance.now() - begin;
    const ended = judgeEnd(
      { reason: reason.given, code, reading, disk: await disk.measure(undefined) },
      profile,
    );
    if (ended === undefined) throw notStarted(output);
    const { stdout, stderr, truncated } = output;
    if (code === notWithin.code && stderr.toString().startsWith(notWithin.says)) {
      throw new HeptadError(
        'InputInvalid',
        `The program cannot work in ${command.cwd}: ${stderr.toString().trim()}.`,
      );
    }
    const usage = { wallMs, cpuMs: reading.cpuMs, peakMemoryBytes: reading.peakMemoryBytes };
    return { ended, stdout, stderr, truncated, usage, inForce: force };
  } finally {
    watch.stop();
    await program.kill();
    await program.gone();
  }
}

/** Why a sandbox is ended from outside: the first reason counts, and it ends the program. */
class FirstReason {
  private readonly first = Promise.withResolvers<void>();
  given: SandboxEnd | undefined;

  give(reason: SandboxEnd): void {
    this.given ??= reason;
    this.first.resolve();
  }

  killing(program: StartedProgram): void {
    void this.first.promise.then(() => program.kill());
  }
}

const notRun = (inForce: SandboxInForce): SandboxOutcome => ({
  ended: { kind: 'cancelled' },
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  truncated: false,
  usage: { wallMs: 0, cpuMs: null, peakMemoryBytes: null },
  inForce,
});

function notStarted(output: KeptOutput): HeptadError {
  const said = output.stderr.toString().trim() || 'it said nothing';
  return unavailable(`bubblewrap did not run the program (${said}). ${advice(said)}`);
}

/** What bubblewrap says where the machine does not let it make namespaces. */
const advice = (said: string): string =>
  /namespace|uid map|Operation not permitted|Permission denied/.test(said)
    ? 'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), in a container with the privileges that the documentation names, or run as root.'
    : '';

const inForce = (facts: HostFacts, limits: Limits, uid: number | undefined): SandboxInForce => ({
  kind: 'process',
  isolation: `bubblewrap ${facts.version}`,
  user: uid === undefined ? 'user namespace' : `dedicated uid ${uid}`,
  memory: limits.memory,
  processes: limits.processes,
  disk: 'watchdog + file size limit',
  ...(limits.cpu === undefined ? {} : { cpu: limits.cpu }),
  network: 'none',
});
