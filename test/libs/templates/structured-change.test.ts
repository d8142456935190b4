import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  complexityReportSchema,
  deploymentReportSchema,
  documentationReportSchema,
  endToEndReportSchema,
  performanceReportSchema,
} from '../../../libs/contracts/reports/assurance.js';
import { millisecondsOf, type TemplateItem } from '../../../libs/contracts/template.js';
import { roster } from '../../../libs/roster/roster.js';
import { schemaProblems } from '../../../libs/templates/json-schema.js';
import { findTemplate } from '../../../libs/templates/load.js';
import { Stepped } from '../graph/graphs.js';
import { Barriers } from '../synthesis/barriers.js';

const { template } = findTemplate('structured-change');
const item = (id: string): TemplateItem => {
  const found = template.items.find((one) => one.id === id);
  if (found === undefined) throw new Error(`The template has no ${id}.`);
  return found;
};

test('the order is analysis, consolidation, checkpoint, implementation, testing, consolidation, checkpoint', () => {
  expect(template.items.map(({ id, depends_on }) => `${id} <- ${depends_on.join(', ')}`)).toEqual([
    'architecture <- ',
    'code <- ',
    'infrastructure <- ',
    'consolidation <- architecture, code, infrastructure',
    'checkpoint <- consolidation',
    'complexity <- checkpoint, architecture, code',
    'core <- checkpoint, architecture, code, infrastructure',
    'integration <- core, architecture',
    'support <- integration, architecture',
    'tests <- support, infrastructure',
    'performance <- support, infrastructure',
    'documentation <- support',
    'end-to-end <- support, complexity',
    'deployment <- support, complexity',
    'final-consolidation <- core, integration, support, tests, performance, documentation, end-to-end, deployment',
    'final-checkpoint <- final-consolidation, infrastructure, tests, performance, documentation, end-to-end, deployment',
  ]);
});

test('step by step, the three analyses go at once, then the consolidation alone, then the checkpoint alone', async () => {
  const { graph } = await Barriers.of(template);
  const run = new Stepped(graph, undefined, true);
  // A consolidation's time runs from when the first of what it collects begins.
  const allReady = (): string[] =>
    run
      .take({ kind: 'allowed', items: 'ready', at: 'now' })
      .filter((command) => !command.startsWith('wait '));
  expect(run.started).toEqual([]);
  const analyses = allReady();
  expect(analyses.toSorted()).toEqual(['architecture', 'code', 'infrastructure']);
  for (const id of analyses) expect(run.done(id)).toEqual([]);
  expect(allReady()).toEqual(['consolidation']);
  expect(run.done('consolidation')).toEqual([]);
  expect(allReady()).toEqual(['checkpoint']);
  expect(run.done('checkpoint')).toEqual([]);
  expect(allReady().toSorted()).toEqual(['complexity', 'core']);
});

test('each part works on what the one before handed back, and every look at the change on what the last did', () => {
  const workspaces = template.items.flatMap(({ id, workspace }) =>
    workspace === undefined ? [] : [[id, workspace]],
  );
  expect(Object.fromEntries(workspaces)).toEqual({
    integration: 'core',
    support: 'integration',
    tests: 'support',
    performance: 'support',
    documentation: 'support',
    'end-to-end': 'support',
    deployment: 'support',
  });
});

test('three agents look at a change, and two more where it is complex', () => {
  const testing = template.items.filter(
    ({ category, work }) => category === 'validation' && work.kind === 'agent',
  );
  const conditions = testing.map(({ id, condition }) => [id, condition ?? 'always']);
  const complex = 'complexity.complex == true';
  expect(Object.fromEntries(conditions)).toEqual({
    tests: 'always',
    performance: 'always',
    documentation: 'always',
    'end-to-end': complex,
    deployment: complex,
  });
  expect(template.parallel).toBeGreaterThanOrEqual(testing.length);
});

test('every capability that is asked for has an agent and a backup', () => {
  for (const { work } of template.items) {
    if (work.kind !== 'agent') continue;
    const able = roster.filter(({ capabilities }) => capabilities.includes(work.capability ?? ''));
    expect(able.length, work.capability).toBeGreaterThan(1);
    expect(able.every(({ writes }) => writes)).toBe(work.capability?.startsWith('implement.') === true);
  }
});

test('the parts of the implementation are the scopes of their agents', () => {
  for (const scope of ['core', 'integration', 'support']) {
    expect(item(scope).work).toEqual({ kind: 'agent', capability: `implement.${scope}` });
    const able = roster.filter(({ capabilities }) => capabilities.includes(`implement.${scope}`));
    for (const { parameters } of able) expect(parameters).toMatchObject({ scope, narrow: true });
  }
});

test('a failure is answered by a narrower scope, a backup, a full log, then a person', () => {
  expect(template.defaults.on_failure).toEqual(['narrow', 'backup', 'log', 'person']);
});

test('the checkpoints ask for what they have to', () => {
  const criteria = (id: string) => {
    const { work } = item(id);
    if (work.kind !== 'checkpoint') throw new Error(`${id} is no checkpoint.`);
    return {
      decides: work.decides,
      ids: work.criteria?.map((one) => (typeof one === 'string' ? one : one.id)),
    };
  };
  expect(criteria('checkpoint')).toEqual({
    decides: 'all',
    ids: [
      'all-completed',
      'no-critical-conflict',
      'architecture-complete',
      'risks-documented',
      'strategy-defined',
    ],
  });
  expect(criteria('final-checkpoint')).toEqual({
    decides: 'matrix',
    ids: [
      'tests',
      'exceptions',
      'documentation',
      'performance',
      'security',
      'rollback',
      'monitoring',
      'deployment',
      'approval',
    ],
  });
});

test('a consolidation collects for 300 s in all, and the last one also puts the readiness together', () => {
  expect(item('consolidation').work).toMatchObject({ deadline: '300s', scope: 'phase' });
  expect(item('final-consolidation').work).toMatchObject({ deadline: '300s', scope: 'final' });
});

test('budgets are those of the categories, but for what runs the tests of the subject', () => {
  expect(
    Object.fromEntries(Object.entries(template.categories).map(([name, { budget }]) => [name, budget])),
  ).toEqual({
    analysis: { cpu_percent: 25, memory_mb: 512 },
    implementation: { cpu_percent: 60, memory_mb: 1024 },
    validation: { cpu_percent: 30, memory_mb: 256 },
  });
  const own = template.items.filter(({ budget }) => budget !== undefined);
  expect(own.map(({ id, budget }) => [id, budget?.memory_mb])).toEqual([
    ['infrastructure', 1024],
    ['tests', 1024],
    ['performance', 1024],
  ]);
});

test('phases are expected to take the middle of their time', () => {
  const minutes = (...ids: string[]): number =>
    ids.reduce((sum, id) => sum + (millisecondsOf(item(id).expected ?? '') ?? 0), 0) / 60_000;
  expect(minutes('architecture')).toBe(12.5);
  expect(minutes('consolidation')).toBe(7.5);
  expect(minutes('core', 'integration', 'support')).toBe(40);
  expect(minutes('tests')).toBe(22.5);
  expect(minutes('final-consolidation')).toBe(12.5);
});

describe.each<[string, z.ZodType]>([
  ['complexity', complexityReportSchema],
  ['performance', performanceReportSchema],
  ['documentation', documentationReportSchema],
  ['end-to-end', endToEndReportSchema],
  ['deployment', deploymentReportSchema],
])('the contract of %s', (id, contract) => {
  const { expects } = item(id);

  test('is that of the programs', () => {
    expect(expects).toEqual(plain(z.toJSONSchema(contract, { unrepresentable: 'any' })));
  });

  test('is closed', () => {
    if (typeof expects !== 'object') throw new Error(`${id} expects no schema.`);
    const problems = schemaProblems(expects, { surplus: 1 });
    expect(problems).toContainEqual({ path: '/surplus', reason: 'The template has no such input.' });
    expect(problems).toContainEqual({ path: '/kind', reason: 'It is missing.' });
  });
});

/** A schema as it is written by hand: without its dialect, and without the largest integer that a number can hold. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(
        ([key, value]) => key !== '$schema' && !(key === 'maximum' && value === Number.MAX_SAFE_INTEGER),
      )
      .map(([key, value]) => [key, plain(value)]),
  );
}
