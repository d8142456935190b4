import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { discoveryKinds } from '../../../libs/contracts/discovery.js';
import {
  changeAnalysisSchema,
  changeSchema,
  changeValidationSchema,
} from '../../../libs/contracts/reports/change.js';
import { builtinCategories } from '../../../libs/contracts/template.js';
import { roster } from '../../../libs/roster/roster.js';
import { expectedReport } from '../../../libs/templates/expected-report.js';
import { schemaProblems } from '../../../libs/templates/json-schema.js';
import { findTemplate } from '../../../libs/templates/load.js';

const { template } = findTemplate('self-improving-change');
const bodies = [...template.items, ...template.consumers];

const objectSchema = z.looseObject({
  type: z.literal('object'),
  required: z.array(z.string()),
  properties: z.record(z.string(), z.unknown()),
});

/** Where a JSON Schema has objects that take properties which it does not name. */
function openObjects(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const open = 'type' in schema && schema.type === 'object' && !('additionalProperties' in schema);
  const below = Object.entries(schema).flatMap(([name, one]) => openObjects(one, `${path}/${name}`));
  return [...(open ? [path] : []), ...below];
}

test('begins with a baseline and one analysis, and everything else is consumed', () => {
  expect(template.items.map(({ id, depends_on }) => [id, depends_on])).toEqual([
    ['baseline', []],
    ['analysis', ['baseline']],
  ]);
  expect(template.consumers.map(({ id, consumes }) => [id, consumes.kind, consumes.category])).toEqual([
    ['implement', 'discovery', 'implementation'],
    ['validate', 'result', 'implementation'],
    ['analyse', 'discovery', 'analysis'],
    ['revalidate', 'discovery', 'validation'],
  ]);
});

test('every category has instructions, done definitions, outputs and somebody who consumes its discoveries', () => {
  for (const category of builtinCategories) {
    const said = template.categories[category];
    expect(said?.instructions).toBeTruthy();
    expect(said?.done?.length).toBeGreaterThan(0);
    expect(said?.outputs?.length).toBeGreaterThan(0);
    const consumed = template.consumers.some(
      ({ consumes }) => consumes.kind === 'discovery' && consumes.category === category,
    );
    expect(consumed).toBe(true);
  }
});

test('every kind of discovery has a route, none is an orphan', () => {
  const routes = Object.fromEntries(
    discoveryKinds.map((kind) => [
      kind,
      template.routes.find(({ when }) => when.includes(`'${kind}'`))?.category,
    ]),
  );
  expect(routes).toMatchObject({
    optimisation: 'analysis',
    performance: 'analysis',
    security: 'analysis',
    bug: 'implementation',
    'test-failure': 'validation',
  });
  expect(template.routes.at(-1)).toMatchObject({ when: 'EXISTS discovery.kind', category: 'analysis' });
});

test('what it asks for, an agent and a backup can do', () => {
  for (const { work } of bodies) {
    const capability = work.kind === 'agent' ? work.capability : undefined;
    const able = roster.filter(({ capabilities }) => capabilities.includes(capability ?? ''));
    expect(able.length).toBeGreaterThan(1);
  }
});

describe('the schema of an outcome', () => {
  const known = {
    analysis: changeAnalysisSchema,
    implementation: changeSchema,
    validation: changeValidationSchema,
  };

  test.each(Object.entries(known))(
    'of %s is closed and asks for all that the agent gives',
    (category, zodSchema) => {
      const body = bodies.find((one) => one.category === category && one.expects === undefined);
      if (body === undefined) throw new Error(`Nothing is done in ${category}.`);
      const { name, schema } = expectedReport(template, body);
      expect(name).toBe('custom');
      const { required, properties } = objectSchema.parse(schema);
      expect(required.toSorted()).toEqual(Object.keys(zodSchema.shape).sort());
      expect(Object.keys(properties).sort()).toEqual(required.toSorted());
      // Discoveries have a contract of their own.
      expect(openObjects(schema)).toEqual(['/properties/discoveries/items']);
      expect(schemaProblems(schema ?? {}, { kind: 'other' }).length).toBeGreaterThan(3);
    },
  );

  const problemsOf = (category: string, outcome: object): readonly unknown[] => {
    const body = bodies.find((one) => one.category === category && one.expects === undefined);
    if (body === undefined) throw new Error(`Nothing is done in ${category}.`);
    return schemaProblems(expectedReport(template, body).schema ?? {}, outcome);
  };

  test('of an analysis asks for a plan, and for the work that comes next where it is approved', () => {
    const analysis = {
      kind: 'change-analysis',
      about: 'library',
      plan: [{ step: 'Mend it.', rules: [], files: ['lib/a.js'] }],
      approved: true,
      reasons: ['It can be done.'],
      nextWork: ['Mend lib/a.js.'],
      sites: [],
      metadata: { files: 1, findings: 1, mendable: 1, functions: 1, maxComplexity: 1 },
      discoveries: [],
    };
    expect(problemsOf('analysis', analysis)).toEqual([]);
    expect(problemsOf('analysis', { ...analysis, plan: [] })).not.toEqual([]);
    expect(problemsOf('analysis', { ...analysis, nextWork: [] })).not.toEqual([]);
    expect(problemsOf('analysis', { ...analysis, nextWork: [], approved: false })).toEqual([]);
  });

  test('of an implementation asks for files, or for why there are none', () => {
    const change = {
      kind: 'change',
      summary: 'One file changed.',
      tools: [],
      rules: [],
      codeFiles: ['lib/a.js'],
      testFiles: [],
      left: [],
      discoveredIssues: [],
      dismissed: [],
      metadata: { before: 1, after: 0, passed: 1, broken: 0 },
      discoveries: [],
    };
    expect(problemsOf('implementation', change)).toEqual([]);
    expect(problemsOf('implementation', { ...change, codeFiles: [] })).not.toEqual([]);
    const left = [{ file: 'lib/a.js', reason: 'No tool changes it.' }];
    expect(problemsOf('implementation', { ...change, codeFiles: [], left })).toEqual([]);
    expect(problemsOf('implementation', { ...change, summary: '' })).not.toEqual([]);
  });
});
