import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { AgentResult } from '../contracts/agent.js';
import { HeptadError } from '../protocol/errors.js';
import { removeFolder } from '../sandbox/remove-folder.js';
import { runInSandbox } from '../sandbox/run-in-sandbox.js';
import { scratchPrefix } from '../scratch/clean-up.js';
import { firstOf } from '../synthesis/order.js';
import { doneProblems } from '../templates/done-problems.js';
import { schemaProblems } from '../templates/json-schema.js';
import type { AgentRoom } from './agent-room.js';
import type { CompleteAgentRun } from './agent-run-of.js';
import { prepareFolders } from './mounts.js';
import { profileOf } from './profile-of.js';

export interface ToCheck extends AgentRoom {
  readonly store: ArtifactStore;
  readonly complete: CompleteAgentRun;
  readonly made: AgentResult;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of what a command says that are told where it fails. */
const mostSaid = 500;

/**
 * Checks that what an agent made keeps to the schema of its outcome and is done as the template says: by a condition, a
 * schema, or a command that has to end with 0 in the workspace, with what the agent itself may use.
 *
 * @throws HeptadError `AgentFailed` the outcome breaks its schema; `NotDone` it is not done
 */
export async function checkDone({ complete, made, ...room }: ToCheck): Promise<void> {
  const { expected, done, run, manifest } = complete;
  const outcome = await room.store.getJson(made.outcome.digest, z.unknown());
  const broken = expected.schema === null ? [] : schemaProblems(expected.schema, outcome);
  if (broken.length > 0)
    throw new HeptadError(
      'AgentFailed',
      `The outcome of ${manifest.id} is not what ${run.item} expects. ${firstOf(broken.map(({ path, reason }) => `${path || '/'}: ${reason}`))}`,
      { problems: broken },
    );
  const problems = [...doneProblems(done, outcome), ...(await commandProblems(room, complete, made))];
  if (problems.length > 0) throw new HeptadError('NotDone', `${run.item} is not done. ${firstOf(problems)}`);
}

async function commandProblems(
  room: Omit<ToCheck, 'complete' | 'made'>,
  { done: { command, says }, run, before, manifest }: CompleteAgentRun,
  { workspace }: AgentResult,
): Promise<string[]> {
  if (command === undefined) return [];
  const folder = await mkdtemp(join(room.scratch, `${scratchPrefix(run.run)}done-`));
  try {
    const { mounts } = await prepareFolders(room.store, folder, {
      ...room,
      manifest: { ...manifest, writes: true },
      run: { ...run, workspace: workspace ?? run.workspace },
      before,
      signal: room.signal,
      onActivity: undefined,
    });
    const { ended, stdout, stderr } = await runInSandbox(room.sandboxHost, {
      command: ['/bin/sh', '-c', command],
      cwd: '/subject/package',
      env: {
        PATH: '/subject/node_modules/.bin:/heptad/bin:/usr/bin:/bin',
        HOME: '/tmp',
        LC_ALL: 'C.UTF-8',
        TZ: 'UTC',
      },
      mounts,
      stdin: '',
      profile: profileOf(manifest, run),
      ...(room.signal === undefined ? {} : { signal: room.signal }),
    });
    if (ended.kind === 'cancelled') throw room.signal?.reason ?? new Error('It was cancelled.');
    if (ended.kind === 'exited' && ended.code === 0) return [];
    const how = ended.kind === 'exited' ? `ended with ${ended.code}` : `was ended (${ended.kind})`;
    const said = Buffer.concat([stdout, stderr]).toString('utf8').trim().slice(-mostSaid).toWellFormed();
    return [`The command "${command}" ${how}: ${says} ${said}`];
  } finally {
    await removeFolder(folder);
  }
}
