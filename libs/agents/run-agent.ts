import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { mediaType } from '../artifacts/media-types.js';
import { snapshot } from '../artifacts/snapshot/snapshot.js';
import type { AgentManifest, AgentResult, AgentRun, AgentTask } from '../contracts/agent.js';
import type { ArtifactRef } from '../contracts/artifact.js';
import type { SnapshotRef } from '../contracts/subject.js';
import type { Advance } from '../evidence/progress.js';
import { HeptadError } from '../protocol/errors.js';
import { removeFolder } from '../sandbox/remove-folder.js';
import { runInSandbox } from '../sandbox/run-in-sandbox.js';
import type { SandboxOutcome, SandboxProfile } from '../sandbox/sandbox.js';
import { scratchPrefix } from '../scratch/clean-up.js';
import type { AgentRoom } from './agent-room.js';
import { inside, prepareFolders } from './mounts.js';
import { partialFile } from './partial-file.js';
import { profileOf } from './profile-of.js';
import { type ReportKind, readAnswer } from './read-answer.js';
import { runMicroAgent } from './run-micro-agent.js';
import { watchPartial } from './watch-partial.js';

export interface AgentExecution extends AgentRoom {
  readonly store: ArtifactStore;
  readonly manifest: AgentManifest;
  readonly run: AgentRun;
  /** The subject as it was captured, for agents that compare; seen at `/before`. */
  readonly before?: SnapshotRef | undefined;
  /** The kind of report that the item asks for. Default: whichever the agent gives. */
  readonly expects?: ReportKind | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while there is progress. */
  readonly onActivity?: (() => void) | undefined;
  /** Called when the execution has come further. */
  readonly onAdvance?: ((advance: Advance) => Promise<void>) | undefined;
  /** Called with what the program says in `/outputs/partial.jsonl` while it runs. */
  readonly onPartial?: ((value: unknown) => void) | undefined;
}

/**
 * Executes an agent once: its workspace and inputs are written to a temporary folder, its program runs in a sandbox,
 * its answer is checked, and outcome, measurements and, where it writes, the workspace are stored.
 *
 * The measurements hold what the program measured, how it used the sandbox, and `outputs`, the snapshot of the files
 * that it left in `/outputs`, where there are any, without what it said there while it ran. With the parameter `log` they
 * hold `log`, all that it wrote to standard error; a step names that, too, also where the execution fails. A micro agent
 * gets the parameter `input` and nothing else, and runs in QuickJS.
 *
 * @throws HeptadError `SandboxLimit` it went over a limit; the message names it
 * @throws HeptadError `AgentFailed`, or the code of a failed answer: see `readAnswer`
 * @throws HeptadError as the sandbox and the artifact store do
 * @throws the signal's reason where it was aborted
 */
export async function runAgent(execution: AgentExecution): Promise<AgentResult> {
  const { store, manifest, run, signal } = execution;
  const { driver } = manifest;
  const profile = profileOf(manifest, run);
  if (driver.kind === 'micro')
    return await runMicroAgent({ ...execution, manifest: { ...manifest, profile } }, driver);
  const folder = await mkdtemp(join(execution.scratch, `${scratchPrefix(run.run)}agent-`));
  try {
    const folders = await prepareFolders(store, folder, {
      ...execution,
      before: execution.before,
      signal,
      onActivity: execution.onActivity,
    });
    await execution.onAdvance?.({ milestone: 'folders prepared', percent: 20 });
    // Without root the sandbox's user is ours; with it the user is another, who must get to the mounts.
    await chmod(folder, 0o755);
    const partial = execution.onPartial && watchPartial(folders.outputs, execution.onPartial);
    const outcome = await runInSandbox(execution.sandboxHost, {
      command: commandOf(driver),
      cwd: '/tmp',
      env: { PATH: '/heptad/bin:/usr/bin:/bin', HOME: '/tmp', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      mounts: folders.mounts,
      stdin: JSON.stringify(taskOf(manifest, run, profile)),
      profile,
      ...(signal === undefined ? {} : { signal }),
      ...(execution.onActivity === undefined ? {} : { onActivity: execution.onActivity }),
    }).finally(() => partial?.stop());
    await rm(join(folders.outputs, partialFile), { force: true, recursive: true });
    if (outcome.ended.kind === 'cancelled') throw signal?.reason ?? new Error('The execution was cancelled.');
    const log = run.parameters.log === true ? await keptLog(execution, outcome) : undefined;
    if (outcome.ended.kind === 'limit') throw overLimit(manifest.id, profile, outcome.ended.limit);
    const answer = readAnswer(manifest.id, outcome, execution.expects);
    await execution.onAdvance?.({ milestone: 'program ended', percent: 80 });
    return {
      outcome: await stored(manifest, () => store.putJson(answer.outcome)),
      measurements: await stored(manifest, async () =>
        store.putJson({
          program: answer.measurements,
          usage: outcome.usage,
          ...(log ? { log } : {}),
          ...(await outputsOf(store, folders.outputs)),
        }),
      ),
      ...(manifest.writes
        ? { workspace: await stored(manifest, () => snapshot(store, folders.workspace, { signal })) }
        : {}),
      sandbox: outcome.inForce,
    };
  } finally {
    await removeFolder(folder);
  }
}

function commandOf(driver: Exclude<AgentManifest['driver'], { kind: 'micro' }>): readonly string[] {
  switch (driver.kind) {
    case 'builtin':
      return [inside.node, inside.program(driver.program)];
    case 'command':
      return driver.command;
  }
}

/** The item's parameters, under those of the agent, which make it what it is, and under the limits in force. */
function taskOf(manifest: AgentManifest, run: AgentRun, { wallMs }: SandboxProfile): AgentTask {
  return {
    version: 1,
    item: run.item,
    ...(run.instructions === undefined ? {} : { instructions: run.instructions }),
    parameters: {
      ...run.parameters,
      ...manifest.parameters,
      limits: { wallMs },
    },
    inputs: Object.keys(run.inputs).sort(),
  };
}

function overLimit(
  agent: string,
  profile: SandboxProfile,
  limit: Extract<SandboxOutcome['ended'], { kind: 'limit' }>['limit'],
): HeptadError {
  const allowed = {
    memory: `${profile.memoryBytes} bytes of memory`,
    processes: `${profile.processes} processes and threads`,
    time: `${profile.wallMs} ms of time`,
    disk: `${profile.diskBytes} bytes on disk, ${profile.fileBytes} in one file`,
    output: `${profile.outputBytes} bytes of output`,
  }[limit];
  return new HeptadError(
    'SandboxLimit',
    `The agent ${agent} went over the limit "${limit}" of its sandbox (${allowed}) and was ended.`,
  );
}

/**
 * Everything that a program said, where it was executed to find out why it failed. It may fail again, and then has no
 * measurements to name it, so it is told at once.
 */
async function keptLog(
  { store, onAdvance }: AgentExecution,
  { stderr }: SandboxOutcome,
): Promise<ArtifactRef> {
  const log = await store.put(stderr, mediaType.text);
  await onAdvance?.({ milestone: 'standard error kept', percent: 80, effects: [log.digest] });
  return log;
}

async function outputsOf(store: ArtifactStore, folder: string): Promise<{ outputs?: SnapshotRef }> {
  return (await readdir(folder)).length === 0
    ? {}
    : { outputs: await snapshot(store, folder, { allowEmpty: true }) };
}

/** What an agent hands back may be of a form that cannot be stored: then the agent has failed, not the store. */
async function stored<T>(manifest: AgentManifest, store: () => Promise<T>): Promise<T> {
  try {
    return await store();
  } catch (cause) {
    if (!(cause instanceof HeptadError) || !['InputInvalid', 'SubjectInvalid'].includes(cause.code))
      throw cause;
    throw new HeptadError(
      'AgentFailed',
      `What the agent ${manifest.id} handed back cannot be kept: ${cause.message}`,
      {
        problems: cause.problems,
        cause,
      },
    );
  }
}
