import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoordinationActivities, PhaseAccount } from '../../libs/contracts/activities.js';
import { queryName } from '../../libs/protocol/messages.js';
import { phaseNames } from '../../libs/protocol/phases.js';
import { agentItem, graphOf, refTo } from '../support/activity-doubles.js';
import { codeOf, Runs } from './support/runs.js';

describe('a run', () => {
  let runs: Runs;
  beforeAll(async () => {
    runs = await Runs.open();
  });
  afterAll(async () => runs?.close());

  const graph = graphOf(agentItem('look'), agentItem('mend', { after: ['look'] }));

  test('goes through the seven phases in order and chains record to record', async () => {
    const asked = await runs.start(graph, {}, async (run) => {
      await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED', receipt: { files: 1 } });
    });
    expect(asked.records.map(({ phase }) => phase)).toEqual(phaseNames);
    expect(asked.records.map(({ previous }) => previous?.digest ?? null)).toEqual([
      null,
      ...phaseNames.slice(0, -1).map((phase) => refTo(`record ${phase}`).digest),
    ]);
  });

  test('has every phase judged by A, B and C', async () => {
    const asked = await runs.start(graph, {}, async (run) => {
      await run.result();
    });
    for (const { verdicts, notRun } of asked.records) {
      expect(verdicts.map(({ pass }) => pass)).toEqual(['A', 'B', 'C']);
      expect(notRun).toEqual([]);
    }
  });

  test('delivers only after the package was judged and recorded', async () => {
    const asked = await runs.start(graph, {}, async (run) => {
      await run.result();
    });
    const { verbs } = asked;
    const staged = verbs.indexOf('stagePackage');
    expect(verbs.slice(staged - 1, staged + 7)).toEqual([
      'mergeCandidates',
      'stagePackage',
      'judgePhase',
      'judgePhase',
      'judgePhase',
      'writeRecord',
      'attest',
      'deliverPackage',
    ]);
    expect(verbs.filter((verb) => verb === 'deliverPackage')).toHaveLength(1);
  });

  test('fetches nothing where the template has no tests run, and merges nothing where nothing competed', async () => {
    const planned: unknown[] = [];
    const packaged: unknown[] = [];
    const asked = await runs.start(
      graph,
      {
        assignAgents: async () => ({ assigned: refTo('assigned'), needs: { tests: false } }),
        planWork: async ({ dependencies }) => {
          planned.push(dependencies);
          return { outcome: refTo('planned'), summary: 'planned', facts: { graph } };
        },
        planDelivery: async () => ({ merges: false }),
        stagePackage: async ({ merged }) => {
          packaged.push(merged);
          return { outcome: refTo('package'), summary: 'package', facts: { targets: [] } };
        },
      },
      async (run) => {
        await expect(run.result()).resolves.toMatchObject({ decision: 'PROCEED', receipt: { files: 1 } });
      },
    );
    expect(asked.verbs).not.toContain('fetchDependencies');
    expect(asked.verbs).not.toContain('mergeCandidates');
    expect(asked.verbs).toEqual(expect.arrayContaining(['probeAgents', 'attest', 'deliverPackage']));
    expect([planned, packaged]).toEqual([[null], [null]]);
  });

  test('starts a seal that outlives it', async () => {
    const asked = await runs.start(graph, {}, async (run) => {
      await run.result();
      await runs.handle(`${run.workflowId}/seal`).result();
    });
    expect(asked.verbs).toEqual(expect.arrayContaining(['archiveHistories', 'writeSeal']));
  });

  test('waits with the seal until the run has closed', async () => {
    let open = 3;
    const asked = await runs.start(
      graph,
      {
        archiveHistories: async () => {
          open -= 1;
          if (open > 0)
            throw ApplicationFailure.create({ type: 'RunOpen', message: 'open', nonRetryable: false });
          return { archive: refTo('archive') };
        },
      },
      async (run) => {
        await runs
          .handle(`${run.workflowId}/seal`)
          .result()
          .catch(() => run.result());
        await run.result();
        await runs.handle(`${run.workflowId}/seal`).result();
      },
    );
    expect(asked.verbs.filter((verb) => verb === 'archiveHistories')).toHaveLength(3);
    expect(asked.verbs.filter((verb) => verb === 'writeSeal')).toHaveLength(1);
  });

  test.each(phaseNames)(
    'blocks when a pass rejects %s, records it, and still concludes',
    async (rejected) => {
      const asked = await runs.start(
        graph,
        {
          judgePhase: async ({ phase, pass }) => ({
            pass,
            passed: phase !== rejected,
            verdict: refTo('verdict'),
            checks: 1,
            disagrees: false,
            failures: phase === rejected ? ['The digest differs.'] : [],
          }),
        },
        async (run) => {
          expect(await codeOf(run.result())).toBe('VerificationFailed');
        },
      );
      expect(asked.records.find(({ phase }) => phase === rejected)?.failure?.code).toBe('VerificationFailed');
      expect(asked.records.at(-1)?.phase).toBe('conclude');
      expect(asked.verbs.includes('deliverPackage')).toBe(rejected === 'conclude');
    },
  );

  test('delivers nothing when the decision is BLOCK, and ends with its code', async () => {
    const judge: CoordinationActivities['judge'] = async () => ({
      outcome: refTo('judged'),
      summary: 'No candidate passes.',
      facts: { decision: 'BLOCK' },
    });
    const asked = await runs.start(graph, { judge }, async (run) => {
      expect(await codeOf(run.result())).toBe('Blocked');
    });
    expect(asked.verbs).not.toContain('stagePackage');
    expect(asked.verbs).toContain('accountForRun');
  });

  test('ends with the code of what failed, and accounts for the phases that never started', async () => {
    let account: readonly PhaseAccount[] = [];
    const asked = await runs.start(
      graph,
      {
        captureSubject: async () => {
          throw ApplicationFailure.nonRetryable('There is no such package.', 'PackageUnknown');
        },
        accountForRun: async ({ phases }) => {
          account = phases;
          return { outcome: refTo('accounted'), summary: 'accounted', facts: null };
        },
      },
      async (run) => {
        expect(await codeOf(run.result())).toBe('PackageUnknown');
      },
    );
    expect(account.map(({ state }) => state)).toEqual(['failed', ...Array(6).fill('not-started')]);
    expect(account[0]?.record).toEqual(refTo('record ingest'));
    expect(asked.records[0]?.failure?.message).toBe('There is no such package.');
  });

  test('tries again what failed for a passing reason', async () => {
    let attempts = 0;
    await runs.start(
      graph,
      {
        captureSubject: async () => {
          attempts += 1;
          if (attempts < 3)
            throw ApplicationFailure.create({ type: 'DependencyUnreachable', message: 'away' });
          return { captured: refTo('captured'), title: 's' };
        },
      },
      async (run) => {
        await run.result();
      },
    );
    expect(attempts).toBe(3);
  });

  test('tries again what says nothing for longer than its heartbeats allow', async () => {
    let attempts = 0;
    let give: () => void = () => undefined;
    const given = new Promise<void>((resolve) => {
      give = resolve;
    });
    await runs.start(
      graph,
      {
        captureSubject: async () => {
          attempts += 1;
          if (attempts === 1) await given;
          return { captured: refTo('captured'), title: 's' };
        },
      },
      async (run) => {
        try {
          await run.result();
        } finally {
          give();
        }
      },
    );
    expect(attempts).toBe(2);
  });

  test('gives up on a dependency that says to come back later than the proxy waits', async () => {
    const away = { type: 'CircuitOpen', message: 'away', nextRetryDelay: '2 hours' } as const;
    await runs.start(
      graph,
      {
        captureSubject: async () => {
          throw ApplicationFailure.create(away);
        },
      },
      async (run) => {
        expect(await codeOf(run.result())).toBe('CircuitOpen');
      },
    );
  });

  test('answers the progress of its phases to a query', async () => {
    await runs.start(graph, {}, async (run) => {
      await run.result();
      const progress = await run.query<PhaseAccount[]>(queryName.progress);
      expect(progress.map(({ phase, state }) => [phase, state])).toEqual(
        phaseNames.map((phase) => [phase, 'completed']),
      );
    });
  });
});
