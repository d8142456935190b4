import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { VerificationActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { VerdictRef } from '../../libs/contracts/evidence.js';
import type { AwaitedWaiver } from '../../libs/contracts/waiver.js';
import { queryName, updateName } from '../../libs/protocol/messages.js';
import { agentItem, graphOf, refTo } from '../support/activity-doubles.js';
import { until } from '../support/until.js';
import { codeOf, type RunHandle, Runs } from './support/runs.js';

describe('a phase of which a pass failed', () => {
  let runs: Runs;
  beforeAll(async () => {
    runs = await Runs.open();
  });
  afterAll(async () => runs?.close());
  beforeEach(() => {
    runs.waiverWindowMs = 60 * 60 * 1000;
  });

  const graph = graphOf(agentItem('look'));
  const waiver = refTo('waiver');

  /** Verifiers of which one does not pass coordinate. */
  const judging =
    (rejected: Partial<VerdictRef> = {}): VerificationActivities['judgePhase'] =>
    async ({ phase, pass }) => ({
      pass,
      passed: true,
      verdict: refTo(`${phase} ${pass}`),
      checks: 1,
      disagrees: false,
      failures: [],
      ...(phase === 'coordinate' && pass === 'B'
        ? { passed: false, failures: ['again: it differs'], ...rejected }
        : {}),
    });

  const awaited = (run: RunHandle): Promise<AwaitedWaiver> =>
    until(
      'it waits for a person',
      async () => (await run.query<AwaitedWaiver | null>(queryName.awaited)) ?? false,
    );

  const waive = (run: RunHandle, what: ArtifactRef): Promise<void> =>
    runs
      .handle(`${run.workflowId}/4-coordinate`)
      .executeUpdate<void, [{ waiver: ArtifactRef }]>(updateName.waive, { args: [{ waiver: what }] });

  test('goes on with a waiver, which its record names', async () => {
    const asked = await runs.start(graph, { judgePhase: judging() }, async (run) => {
      await expect(awaited(run)).resolves.toMatchObject({
        phase: 'coordinate',
        output: refTo('synthesis').digest,
        verdicts: [refTo('coordinate B').digest],
        says: expect.stringContaining('again: it differs'),
      });
      await waive(run, waiver);
      await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED' });
      await expect(run.query(queryName.awaited)).resolves.toBeNull();
    });
    const record = asked.records.find(({ phase }) => phase === 'coordinate');
    expect(record).toMatchObject({ waiver, failure: null });
    expect(record?.verdicts.map(({ passed }) => passed)).toEqual([true, false, true]);
  });

  test('refuses a waiver that does not count, with the reason, and goes on waiting', async () => {
    const checkWaiver = async ({ waiver: given }: { waiver: ArtifactRef }) => ({
      problems: given.digest === waiver.digest ? [] : ['It is for another run.'],
    });
    await runs.start(graph, { judgePhase: judging(), checkWaiver }, async (run) => {
      await awaited(run);
      const refused = await waive(run, refTo('forged')).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WorkflowUpdateFailedError);
      expect((refused as WorkflowUpdateFailedError).cause).toMatchObject({
        type: 'WaiverInvalid',
        message: 'It is for another run.',
      });
      await waive(run, waiver);
      await run.result();
    });
  });

  test('refuses a waiver that nobody asked for', async () => {
    let refused: unknown;
    await runs.start(
      graph,
      {
        synthesise: async () => {
          const id = `run-r${runs.started}`;
          refused = await waive(runs.handle(id), waiver).catch((error: unknown) => error);
          return { outcome: refTo('synthesis'), summary: 'synthesis', facts: null };
        },
      },
      async (run) => {
        await run.result();
      },
    );
    expect(refused).toBeInstanceOf(WorkflowUpdateFailedError);
    expect((refused as WorkflowUpdateFailedError).cause).toMatchObject({ type: 'NothingToWaive' });
  });

  test('blocks the run when nobody waives it in time', async () => {
    const asked = await runs.start(graph, { judgePhase: judging() }, async (run) => {
      await expect(codeOf(run.result())).resolves.toBe('VerificationFailed');
    });
    expect(asked.verbs).not.toContain('deliverPackage');
    expect(asked.records.find(({ phase }) => phase === 'coordinate')).toMatchObject({
      waiver: null,
      failure: { code: 'VerificationFailed' },
    });
  });

  test('blocks the run at once where its request grants no time', async () => {
    runs.waiverWindowMs = 0;
    await runs.start(graph, { judgePhase: judging() }, async (run) => {
      await expect(codeOf(run.result())).resolves.toBe('VerificationFailed');
      const { events } = await runs.handle(`${run.workflowId}/4-coordinate`).fetchHistory();
      expect(events?.filter((event) => event.timerStartedEventAttributes)).toEqual([]);
    });
  });

  test('waits for a person even then, where passes differ on what is declared not reproducible', async () => {
    runs.waiverWindowMs = 0;
    await runs.start(graph, { judgePhase: judging({ disagrees: true }) }, async (run) => {
      await awaited(run);
      await waive(run, waiver);
      await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED' });
    });
  });

  test('can be cancelled while it waits', async () => {
    await runs.start(graph, { judgePhase: judging() }, async (run) => {
      await awaited(run);
      await run.cancel();
      await expect(codeOf(run.result())).resolves.toBe('Cancelled');
    });
  });
});

describe('a phase whose verdicts do not count', () => {
  test('fails, and its record says so', async () => {
    const runs = await Runs.open();
    try {
      const writeRecord = async ({ phase, failure }: { phase: string; failure: unknown }) => {
        if (phase === 'coordinate' && failure === null)
          throw ApplicationFailure.nonRetryable('Pass B is signed by producer.', 'VerdictInvalid');
        return refTo(`record ${phase} ${failure === null ? 'fine' : 'failed'}`);
      };
      const concluded: unknown[] = [];
      await runs.start(
        graphOf(agentItem('look')),
        {
          writeRecord,
          accountForRun: async ({ phases, failure }) => {
            concluded.push({ failure, record: phases.find(({ phase }) => phase === 'coordinate')?.record });
            return { outcome: refTo('accounted'), summary: 'accounted', facts: null };
          },
        },
        async (run) => {
          await expect(codeOf(run.result())).resolves.toBe('VerdictInvalid');
        },
      );
      expect(concluded).toEqual([
        {
          failure: { code: 'VerdictInvalid', message: 'Pass B is signed by producer.' },
          record: refTo('record coordinate failed'),
        },
      ]);
    } finally {
      await runs.close();
    }
  });
});
