import { describe, expect, test } from 'vitest';
import type { BarrierItem } from '../../../libs/contracts/activities.js';
import type { UnfinishedItem } from '../../../libs/contracts/graph.js';
import type { FinalReport } from '../../../libs/contracts/reports/final-report.js';
import { synthesisSchema } from '../../../libs/contracts/reports/synthesis.js';
import { checkpointOutcome, consolidationOutcome } from '../../../libs/synthesis/barrier-outcome.js';
import { renderSynthesis } from '../../../libs/synthesis/render-synthesis.js';
import { findTemplate } from '../../../libs/templates/load.js';
import { deployment, documentation, endToEnd, performance } from './assurance.js';
import { Barriers } from './barriers.js';
import { candidate, digestOf, infrastructure, tests, validation } from './reports.js';

const { template } = findTemplate('structured-change');

const skipped = (item: string): UnfinishedItem => ({ item, status: 'skipped', code: 'ConditionFalse' });
const simple = [skipped('end-to-end'), skipped('deployment')];

const change = {
  core: candidate({ strategy: 'core', changed: ['lib/a.js'] }),
  integration: candidate({
    strategy: 'integration',
    changed: [],
    left: [{ file: 'lib/b.js', reason: 'No.' }],
  }),
  support: candidate({ strategy: 'support', changed: ['README.md'] }),
};
const looks = { tests: validation(), performance: performance(), documentation: documentation() };

/** What the last consolidation makes, and the last checkpoint of it. */
async function ends(
  outcomes: Readonly<Record<string, unknown>> = { ...change, ...looks },
  unfinished: readonly UnfinishedItem[] = simple,
  input: Record<string, unknown> = { approval: { by: 'ada' } },
) {
  const barriers = await Barriers.of(template, input);
  const { store } = barriers;
  const given = (id: string, named: Readonly<Record<string, unknown>>): Promise<BarrierItem> => {
    const after = barriers.graph.items.find((one) => one.id === id)?.after ?? [];
    const wanted = Object.entries(named).filter(([item]) => after.includes(item));
    return barriers.given(
      id,
      Object.fromEntries(wanted),
      unfinished.filter(({ item }) => after.includes(item)),
    );
  };
  const synthesis = await consolidationOutcome(store, await given('final-consolidation', outcomes));
  const gate = await checkpointOutcome(
    store,
    await given('final-checkpoint', {
      infrastructure: infrastructure(),
      ...outcomes,
      'final-consolidation': synthesis,
    }),
  );
  if (!synthesis.final) throw new Error('There is no final report.');
  return { synthesis, final: synthesis.final, gate };
}

describe('the final report of a simple change', () => {
  test('repeats when the change may go out, where the input says it', async () => {
    const { final } = await ends(undefined, undefined, { deployment_window: 'Tuesdays, 09:00 UTC' });
    expect(final.deploymentReadiness.deploymentWindow).toBe('Tuesdays, 09:00 UTC');
    expect(final.notReported).not.toContain('deployment window');
  });

  test('says what was changed, that it succeeded, and that it is ready', async () => {
    const { synthesis, final } = await ends();
    expect(synthesisSchema.parse(synthesis)).toEqual(synthesis);
    expect(final).toMatchObject({
      executiveSummary: 'The change is ready. 2 files changed in 3 steps. 2 tests passed, 0 failed.',
      projectSummary: {
        changesImplemented: [
          { item: 'core', files: ['lib/a.js'], left: 0 },
          { item: 'integration', files: [], left: 1 },
          { item: 'support', files: ['README.md'], left: 0 },
        ],
        testsPassed: 2,
        testsFailed: 0,
        documentationUpdated: ['README.md'],
        performanceImpact: { load: 'within', bytes: { before: 1000, after: 990 } },
      },
      deploymentReadiness: { status: 'ready', blockers: [], warnings: [], deploymentWindow: null },
      monitoringSetup: {
        metricsConfigured: ['cpu'],
        alertsDefined: ['cpu: above 400'],
        dashboardsCreated: [],
      },
      rollbackPlan: {
        triggers: ['cpu: above 400'],
        procedures: [`Go back to the subject as it was captured: snapshot ${digestOf('captured')}.`],
      },
      notReported: ['end-to-end', 'deployment checklist', 'deployment window', 'dashboards'],
    } satisfies Partial<Record<keyof FinalReport, unknown>>);
    expect(final.successCriteria.map(({ id, met }) => `${id} ${met}`)).toEqual([
      'tests true',
      'documentation true',
      'performance true',
      'security true',
      'rollback true',
      'monitoring true',
    ]);
  });

  test('has the details of each step, and of what they come to', async () => {
    const { final } = await ends({
      ...change,
      ...looks,
      tests: validation({
        change: { files: 2, linesAdded: 31, linesRemoved: 7, largestDeletion: 2 },
        complexity: { before: 40, after: 38 },
        findings: { all: 3, byTool: { biome: 3 }, byFile: [] },
        coverage: { lines: 95, functions: 87.5, branches: 80 },
      }),
      performance: performance({ memory: 'not-measured' }),
    });
    expect(final.technicalDetails).toEqual([
      'core by agent.core (core): 1 file changed, 0 left. lib/a.js',
      'integration by agent.integration (integration): 0 files changed, 1 left.',
      'support by agent.support (support): 1 file changed, 0 left. README.md',
      'Against the captured subject: 2 files, 31 lines added, 7 removed.',
      'Complexity 40 before, 38 after; 3 findings left.',
      'The tests reach 87.5 % of the functions.',
      'Load within, memory not-measured, size within.',
    ]);
  });

  test('says what it does to memory, size, complexity and lines', async () => {
    const { final } = await ends({
      ...change,
      ...looks,
      tests: validation({ complexity: { before: 40, after: 44 }, lines: { before: 100, after: 131 } }),
      performance: performance({
        load: 'not-measured',
        memory: 'degraded',
        size: { verdict: 'degraded', before: { files: 4, bytes: 1000 }, after: { files: 5, bytes: 1900 } },
      }),
    });
    expect(final.projectSummary.performanceImpact).toEqual({
      load: 'not-measured',
      memory: 'degraded',
      size: 'degraded',
      bytes: { before: 1000, after: 1900 },
      complexity: { before: 40, after: 44 },
      lines: { before: 100, after: 131 },
    });
  });

  test('says what is watched from now on, in which unit and when to act', async () => {
    const metrics = [
      { metric: 'cpu', unit: 'ms', alert: 'above 400' },
      { metric: 'memory', unit: 'bytes', alert: 'above 9000' },
    ];
    const { final } = await ends({
      ...change,
      ...looks,
      performance: performance({ monitoring: { configured: true, metrics } }),
    });
    expect(final.monitoringConfiguration).toEqual([
      'cpu in ms: alert above 400',
      'memory in bytes: alert above 9000',
    ]);
  });

  test.each([
    ['was tested', true, 'Every test of the baseline passes there, as it did when going back was tested.'],
    ['was not tested', false, 'Compare with the baseline; on the change 2 tests pass.'],
  ])('says how to see that going back succeeded, where that %s', async (_, tested, step) => {
    const { final } = await ends({
      ...change,
      ...looks,
      performance: performance({ rollback: { tested, broken: 0, missing: 0 } }),
    });
    expect(final.rollbackPlan.validationSteps).toEqual(['Run its tests: mocha', step]);
  });

  test('invents nothing where nobody reported', async () => {
    const { final } = await ends(change, [
      ...simple,
      ...['tests', 'performance', 'documentation'].map((item) => ({
        ...skipped(item),
        code: 'SkippedByPerson',
        waived: { by: 'ada', reason: 'It is known.' },
      })),
    ]);
    expect(final).toMatchObject({
      projectSummary: {
        testsPassed: null,
        testsFailed: null,
        performanceImpact: { load: null, bytes: null },
      },
      monitoringSetup: { metricsConfigured: [], alertsDefined: [] },
      rollbackPlan: { triggers: [], validationSteps: [] },
      deploymentReadiness: { status: 'conditional', blockers: [] },
    });
    expect(final.successCriteria.map(({ met }) => met)).toEqual([null, null, null, null, null, null]);
    expect(final.deploymentReadiness.warnings).toContain(
      'tests has no result, and ada decided to do without it: It is known.',
    );
  });

  test.each([
    ['a broken test', { ...change, ...looks, tests: validation({ broken: ['one'] }) }],
    [
      'a dangerous call',
      {
        ...change,
        ...looks,
        performance: performance({
          security: {
            secrets: [],
            calls: [{ danger: 'eval', file: 'lib/a.js', before: 0, after: 1 }],
            highRisk: 1,
          },
        }),
      },
    ],
    [
      'no way back',
      {
        ...change,
        ...looks,
        performance: performance({ rollback: { tested: false, broken: 1, missing: 0 } }),
      },
    ],
  ])('is blocked by %s', async (_, outcomes) => {
    expect((await ends(outcomes)).final.deploymentReadiness).toMatchObject({ status: 'blocked' });
  });

  test('is on condition with a gap in the documentation, which is a known issue', async () => {
    const gap = { gap: 'no-changelog' as const, file: null, detail: 'There is no changelog.' };
    const { final } = await ends({
      ...change,
      ...looks,
      documentation: documentation({ gaps: [gap], incomplete: 1 }),
    });
    expect(final.deploymentReadiness).toMatchObject({ status: 'conditional', blockers: [] });
    expect(final.knownIssues).toEqual(['no-changelog: There is no changelog.']);
  });

  test('is blocked by an item that is missing', async () => {
    const { documentation: _, ...others } = looks;
    const { final, gate } = await ends({ ...change, ...others }, [
      ...simple,
      { item: 'documentation', status: 'failed', code: 'AgentFailed' },
    ]);
    expect(final.deploymentReadiness.blockers).toEqual(['documentation has no result.']);
    expect(gate.decision).toBe('BLOCK');
  });
});

describe('the final report of a complex change', () => {
  const all = { ...change, ...looks, 'end-to-end': endToEnd(), deployment: deployment() };

  test('has the checklist of what would be published', async () => {
    const { final } = await ends(all, []);
    expect(final.deploymentChecklist).toEqual([
      { id: 'name', says: 'It has a name.', met: true, evidence: 'tiny' },
    ]);
    expect(final.deploymentReadiness.status).toBe('ready');
    expect(final.technicalDetails.at(-1)).toBe('0 entry points loaded, 0 broken.');
    expect(final.deploymentInstructions).toContain('Publish it: 4 files, 990 bytes.');
  });

  test('is blocked by a critical check, and on condition by another', async () => {
    const check = (severity: 'critical' | 'minor') =>
      deployment({
        checks: [{ id: 'one', says: 'It is so.', severity, met: false, metBefore: true, evidence: 'No.' }],
      });
    const of = async (severity: 'critical' | 'minor') =>
      (await ends({ ...all, deployment: check(severity) }, [])).final.deploymentReadiness.status;
    expect(await of('critical')).toBe('blocked');
    expect(await of('minor')).toBe('conditional');
  });

  test('records what is stated differently, and which counts', async () => {
    const { synthesis } = await ends(
      { ...all, 'end-to-end': endToEnd({ packed: { files: 5, bytes: 1 } }) },
      [],
    );
    expect(synthesis.synthesis.conflicts).toMatchObject([
      {
        between: ['deployment', 'end-to-end', 'performance'],
        resolution: expect.stringContaining('deployment'),
      },
    ]);
    expect((await ends(all, [])).synthesis.synthesis.conflicts).toEqual([]);
  });
});

describe('the last checkpoint', () => {
  test('lets a change go out that meets everything', async () => {
    const { gate } = await ends();
    expect(gate.criteria.filter(({ met }) => !met)).toEqual([]);
    expect(gate).toMatchObject({ decision: 'PROCEED', warnings: [], passed: true });
  });

  test('counts one warning for each criterion that is not critical', async () => {
    const poor = {
      ...change,
      ...looks,
      performance: performance({ degradations: 1, monitoring: { configured: false, metrics: [] } }),
      documentation: documentation({ incomplete: 1 }),
    };
    expect((await ends(poor)).gate).toMatchObject({
      decision: 'CONDITIONAL_PROCEED',
      warnings: ['documentation', 'performance', 'monitoring'],
      passed: true,
    });
    expect((await ends(poor, simple, {})).gate).toMatchObject({ decision: 'CONDITIONAL_PROCEED' });
    expect(
      (await ends({ ...poor, 'end-to-end': endToEnd(), deployment: deployment({ introduced: 1 }) }, [], {}))
        .gate,
    ).toMatchObject({ decision: 'BLOCK', passed: false });
  });

  test('counts a warning for each document with a gap and each degradation', async () => {
    const of = async (incomplete: number, degradations: number) =>
      (
        await ends({
          ...change,
          ...looks,
          performance: performance({ degradations }),
          documentation: documentation({ incomplete }),
        })
      ).gate;
    expect(await of(2, 0)).toMatchObject({ decision: 'PROCEED', warnings: ['documentation'] });
    expect(await of(3, 0)).toMatchObject({ decision: 'CONDITIONAL_PROCEED' });
    expect(await of(2, 2)).toMatchObject({ decision: 'CONDITIONAL_PROCEED' });
    expect(await of(2, 3)).toMatchObject({ decision: 'BLOCK', warnings: ['documentation', 'performance'] });
    expect((await of(5, 0)).criteria.find(({ id }) => id === 'documentation')).toMatchObject({ warnings: 5 });
  });

  test('lets tests fail that failed before, with a warning, and no more', async () => {
    const failing = tests({ one: 'pass', two: 'fail' });
    const outcomes = { ...change, ...looks, tests: validation({ tests: failing }) };
    expect((await ends(outcomes)).gate).toMatchObject({ decision: 'BLOCK' });
    const before = { ...outcomes, infrastructure: infrastructure({ baseline: failing }) };
    expect((await ends(before)).gate).toMatchObject({ decision: 'PROCEED', warnings: ['exceptions'] });
  });

  test.each([
    ['a secret or a dangerous call', 'security', { security: { secrets: [], calls: [], highRisk: 1 } }],
    ['going back untested', 'rollback', { rollback: { tested: false, broken: 1, missing: 0 } }],
  ])('blocks with %s', async (_, id, found) => {
    const { gate } = await ends({ ...change, ...looks, performance: performance(found) });
    expect(gate).toMatchObject({ decision: 'BLOCK', passed: false, warnings: [] });
    expect(gate.criteria.filter(({ met }) => !met).map((one) => one.id)).toEqual([id]);
  });

  test('warns where nobody takes the change', async () => {
    expect((await ends(undefined, undefined, {})).gate.warnings).toEqual(['approval']);
  });
});

test('a final report is shown with its readiness, and nothing of it becomes markup', async () => {
  const gap = { gap: 'broken-link' as const, file: 'README.md', detail: '<img src=x>' };
  const { synthesis } = await ends({
    ...change,
    ...looks,
    documentation: documentation({ gaps: [gap], incomplete: 1 }),
  });
  const page = renderSynthesis(synthesis);
  expect(page).toContain('## Executive summary\n\nThe change is conditional: 0 blockers, 1 warning.');
  expect(page).toContain('Status: conditional. Deployment window: not reported.');
  expect(page).not.toMatch(/(?<!\\)<img/);
});
