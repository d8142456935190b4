import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../libs/contracts/run.js';
import { workflowId } from '../../../libs/protocol/names.js';
import { phaseNames } from '../../../libs/protocol/phases.js';
import { engineChains } from '../../../libs/temporal/chains.js';
import type { Engine } from '../../../libs/temporal/connect.js';
import { parseCursor } from '../../../libs/temporal/event-cursor.js';
import { runEvents } from '../../../libs/temporal/run-events.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import { startRun } from '../../../libs/temporal/start-run.js';
import { steerRun } from '../../../libs/temporal/steer-run.js';
import { activityDoubles, agentItem, graphOf, refTo, resultOf } from '../../support/activity-doubles.js';
import { engineServer } from '../../support/engine.js';
import { engineOf } from '../../support/engine-of.js';
import { withWorkers } from '../../workflows/support/workers.js';

const graph = graphOf(agentItem('look'), agentItem('mend', { after: ['look'] }));
const labels = { template: 'repository-review', subject: 'npm:ejs@1.0.0' };

describe('the events of a run', () => {
  let environment: TestWorkflowEnvironment;
  let engine: Engine;
  beforeAll(async () => {
    environment = await engineServer();
    engine = await engineOf(environment);
  });
  afterAll(async () => {
    await engine?.close();
    await environment?.teardown();
  });

  const start = async (key: string): Promise<string> => {
    const run = runIdOf('local', key);
    await startRun(engine, { run, tenant: 'local', request: refTo(key), waiverWindowMs: 0 }, labels);
    return run;
  };

  async function followed(
    run: string,
    cursor = '',
    until?: (event: RunEvent) => boolean,
  ): Promise<RunEvent[]> {
    const since = cursor === '' ? new Map() : parseCursor(cursor);
    const { past, ended, follow } = await runEvents(engineChains(engine), run, since);
    const seen: RunEvent[] = [];
    for (const event of past) {
      seen.push(event);
      if (until?.(event)) return seen;
    }
    if (ended) return seen;
    for await (const event of follow(new AbortController().signal)) {
      seen.push(event);
      if (until?.(event)) return seen;
    }
    return seen;
  }

  const whole = async (run: string): Promise<RunEvent[]> => [
    ...(await runEvents(engineChains(engine), run, new Map())).past,
  ];

  const contentOf = (events: readonly RunEvent[]): string[] =>
    events.map(({ at, kind, phase, item, says }) => [at, kind, phase, item, says].join(' | ')).sort();

  test('tell of each phase and item from the start to the seal, in order', async () => {
    await withWorkers(environment, activityDoubles(graph).of, async () => {
      const run = await start('whole');
      const events = await followed(run);
      expect(events[0]?.kind).toBe('run-started');
      expect(events.filter(({ kind }) => kind === 'phase-started').map(({ phase }) => phase)).toEqual(
        phaseNames,
      );
      expect(events.filter(({ kind }) => kind === 'phase-closed').map(({ phase }) => phase)).toEqual(
        phaseNames,
      );
      expect(
        events.filter(({ phase, item }) => phase === 'execute' && item === 'mend').map(({ kind }) => kind),
      ).toEqual(['activity-scheduled', 'activity-started', 'activity-completed']);
      expect(events.slice(-2).map(({ kind }) => kind)).toEqual(['run-closed', 'sealed']);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(contentOf(events)).toEqual(contentOf(await whole(run)));
    });
  });

  test('resumed after any of them are the rest: nothing is missing and nothing comes twice', async () => {
    await withWorkers(environment, activityDoubles(graph).of, async () => {
      const run = await start('resumed');
      const events = await followed(run);
      const everything = contentOf(events);
      for (let cut = 0; cut < events.length; cut += 1) {
        const rest = await followed(run, events[cut]?.id);
        expect(contentOf([...events.slice(0, cut + 1), ...rest])).toEqual(everything);
      }
    });
  });

  test('resumed while the run goes on are the rest as well', async () => {
    const gate = Promise.withResolvers<void>();
    const doubles = activityDoubles(graph, {
      runAgent: async ({ item }) => {
        if (item.id === 'mend') await gate.promise;
        return resultOf(item);
      },
    });
    await withWorkers(environment, doubles.of, async () => {
      const run = await start('live');
      const first = await followed(
        run,
        '',
        ({ kind, item }) => kind === 'activity-completed' && item === 'look',
      );
      const second = followed(run, first.at(-1)?.id);
      gate.resolve();
      const events = [...first, ...(await second)];
      expect(contentOf(events)).toEqual(contentOf(await whole(run)));
    });
  });

  test('of a run that was terminated close its phases before the run', async () => {
    const gate = Promise.withResolvers<void>();
    const doubles = activityDoubles(graph, {
      captureSubject: async () => {
        await gate.promise;
        return { captured: refTo('captured'), title: 's' };
      },
    });
    await withWorkers(environment, doubles.of, async () => {
      const run = await start('terminated');
      await followed(run, '', ({ item }) => item === 'captureSubject');
      await engine.client.workflow.getHandle(workflowId.run(run)).terminate('by hand');
      const events = await followed(run);
      gate.resolve();
      expect(events.slice(-2)).toMatchObject([
        { kind: 'phase-closed', phase: 'ingest', failure: { code: 'Terminated' } },
        { kind: 'run-closed', phase: null, failure: { code: 'Terminated', message: 'by hand' } },
      ]);
    });
  });

  test('say that a run was paused, resumed and cancelled', async () => {
    const gate = Promise.withResolvers<void>();
    const doubles = activityDoubles(graph, {
      captureSubject: async () => {
        await gate.promise;
        return { captured: refTo('captured'), title: 's' };
      },
    });
    await withWorkers(environment, doubles.of, async () => {
      const run = await start('steered');
      await followed(run, '', ({ item }) => item === 'captureSubject');
      await steerRun(engine, run, 'pause');
      const paused = await followed(run, '', ({ says }) => says === 'The run is pausing.');
      await steerRun(engine, run, 'resume');
      const resumed = await followed(run, paused.at(-1)?.id, ({ says }) => says === 'The run is running.');
      await steerRun(engine, run, 'cancel');
      gate.resolve();
      const rest = await followed(run, resumed.at(-1)?.id);
      expect(
        [...paused, ...resumed, ...rest].filter(({ kind }) => kind === 'steering').map(({ says }) => says),
      ).toEqual([
        'Pause was asked for.',
        'The run is pausing.',
        'Resume was asked for.',
        'The run is running.',
        'Cancel was asked for.',
      ]);
      expect(rest.find(({ kind }) => kind === 'run-closed')?.failure?.code).toBe('Cancelled');
    });
  });

  test('end at once when the reader leaves', async () => {
    const run = await start('nobody-works');
    const { follow } = await runEvents(engineChains(engine), run, new Map());
    const leaving = new AbortController();
    const read = (async () => {
      for await (const _ of follow(leaving.signal));
    })();
    leaving.abort();
    await expect(read).resolves.toBeUndefined();
  });
});
