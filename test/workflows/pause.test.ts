import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signalName } from '../../libs/protocol/messages.js';
import { agentItem, graphOf, refTo } from '../support/activity-doubles.js';
import { codeOf, type RunHandle, Runs } from './support/runs.js';

describe('a run that is paused', () => {
  let runs: Runs;
  beforeAll(async () => {
    runs = await Runs.open();
  });
  afterAll(async () => runs?.close());

  const graph = graphOf(agentItem('look'));

  test('goes on after a pause of 30 days, during which nothing starts', async () => {
    const scheduled: number[] = [];
    const asked = await runs.start(
      graph,
      {
        parseRequest: async (request) => {
          await runs.handle(`run-${request.run}`).signal(signalName.pause);
          return { parsed: refTo('parsed'), checks: refTo('checks'), source: 'npm' };
        },
      },
      async (run) => {
        const count = () => activitiesOf(runs.handle(`${run.workflowId}/1-ingest`));
        await steeringIs(run, 'paused');
        scheduled.push(await count());
        await runs.environment.sleep('30 days');
        scheduled.push(await count());
        await run.signal(signalName.resume);
        await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED' });
        scheduled.push(await count());
      },
    );
    const [before = 0, after, resumed = 0] = scheduled;
    expect(after).toBe(before);
    expect(resumed).toBeGreaterThan(before);
    expect(asked.verbs.filter((verb) => verb === 'captureSubject')).toHaveLength(1);
  });

  test('can be cancelled while it is paused', async () => {
    const asked = await runs.start(
      graph,
      {
        parseRequest: async (request) => {
          await runs.handle(`run-${request.run}`).signal(signalName.pause);
          return { parsed: refTo('parsed'), checks: refTo('checks'), source: 'npm' };
        },
      },
      async (run) => {
        await steeringIs(run, 'paused');
        await run.cancel();
        expect(await codeOf(run.result())).toBe('Cancelled');
      },
    );
    expect(asked.verbs).not.toContain('acceptRequest');
    expect(asked.records.map(({ phase, failure }) => [phase, failure?.code])).toEqual([
      ['ingest', 'Cancelled'],
      ['conclude', undefined],
    ]);
  });

  /** How many activities a workflow has started. */
  async function activitiesOf(workflow: RunHandle): Promise<number> {
    const { events } = await workflow.fetchHistory();
    return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length;
  }

  /** The time-skipping server has no visibility, so the state is read off the history of `run`. */
  async function steeringIs(run: RunHandle, wanted: string): Promise<void> {
    await expect
      .poll(
        async () => {
          const { events } = await run.fetchHistory();
          const upserts = (events ?? []).flatMap(
            ({ upsertWorkflowSearchAttributesEventAttributes: upsert }) =>
              upsert?.searchAttributes?.indexedFields?.HeptadSteering?.data ?? [],
          );
          const last = upserts.at(-1);
          return last && JSON.parse(Buffer.from(last).toString());
        },
        { timeout: 10_000 },
      )
      .toBe(wanted);
  }
});
