import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createAgentActivities } from '../../../activities/agents/index.js';
import { artifactRefSchema } from '../../../libs/contracts/artifact.js';
import { Progress, progress } from '../../../libs/evidence/progress.js';
import { type AttemptNotes, attemptNotes } from '../../../libs/temporal/attempt-notes.js';
import { buildPrograms, root } from '../../libs/agents/support/built-programs.js';
import { host } from '../../libs/sandbox/sandbox-fixture.js';
import { agentWork } from '../../support/agent-work.js';
import { inActivity } from '../../support/in-activity.js';
import { plainRun } from '../../support/plain-run.js';
import { freshSigner } from '../../support/signers.js';

test('what an agent made by a contract of its template is summarised by what that calls it', async () => {
  const programs = await buildPrograms();
  const { run, folder, store, refs, assignment, execution } = await plainRun();
  const activities = createAgentActivities({
    ...{ store, sandboxHost: host, scratch: join(folder, 'scratch'), cache: join(folder, 'cache') },
    ...{ toolsFolder: join(root, 'node_modules'), programsFolder: programs.folder },
  });
  const item = assignment.graph.items.find(({ id }) => id === 'notes');
  const [agent] = item?.agents ?? [];
  if (!item || !agent) throw new Error('Nobody reads the notes.');
  const { accepted, assignment: assigned } = refs;
  const notes: AttemptNotes = { sandbox: null };
  const proving = { store, signer: freshSigner('agents'), heartbeat: () => {}, attempt: 1 };
  const activity = { run, workflowId: `run-${run}/3-execute`, activityId: 'notes.1' };
  const steps = await Progress.open({ ...proving, ...activity });
  const result = await inActivity(() =>
    attemptNotes.run(notes, () =>
      progress.run(steps, () =>
        activities.runAgent({
          run,
          item,
          agent,
          accepted,
          assignment: assigned,
          workspace: null,
          inputs: {},
        }),
      ),
    ),
  );
  await programs.remove();
  expect(result).toMatchObject({ item: 'notes', summary: 'Notes: 3 fields, findings, notes, verdict' });
  expect(result.outcome).toEqual(execution.results.find(({ item: id }) => id === 'notes')?.outcome);
});

test.each([
  ['log', 'kept whole', 'what was wrong\n'],
  ['narrow', 'not kept', undefined],
  ['plain', 'not kept', undefined],
] as const)('executed with %s, what an agent wrote to standard error is %s', async (how, _, said) => {
  const work = await agentWork();
  const command = `echo 'what was wrong' >&2; echo '{"status":"done","outcome":{}}'`;
  const { how: told, measurements } = await work.done({ command, how });
  expect(told).toBe(how === 'plain' ? undefined : how);
  const { digest } = artifactRefSchema.parse(measurements);
  const { log } = await work.store.getJson(digest, z.looseObject({ log: artifactRefSchema.optional() }));
  expect(log && (await work.store.get(log.digest)).toString()).toBe(said);
});

test('what an agent hands back is checked by the schema of its item', async () => {
  const work = await agentWork();
  const answer = (outcome: object) => `echo '${JSON.stringify({ status: 'done', outcome })}'`;
  await expect(work.done({ id: 'notes', command: answer({ notes: -1, verdict: 'good' }) })).rejects.toThrow(
    expect.objectContaining({ code: 'AgentFailed', problems: [expect.objectContaining({ path: '/notes' })] }),
  );
  expect(await work.done({ id: 'notes', command: answer({ notes: 1, verdict: 'good' }) })).toMatchObject({
    item: 'notes',
    accepted: true,
  });
});
