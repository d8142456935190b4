import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  coreAnalyses,
  riskBranches,
  threatOutcomes,
  threatReportSchema,
} from '../../../libs/contracts/reports/threat.js';
import type { Template } from '../../../libs/contracts/template.js';
import { roster } from '../../../libs/roster/roster.js';
import { schemaProblems } from '../../../libs/templates/json-schema.js';
import { findTemplate } from '../../../libs/templates/load.js';

const { template } = findTemplate('threat-assessment');

const contracts: Readonly<Record<string, z.ZodType>> = { ...threatOutcomes, report: threatReportSchema };

/** What a condition can depend on: a field's type, its values and its bounds, and not what is inside lists. */
const fieldSchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  anyOf: z.array(z.object({ type: z.string() })).optional(),
});
const objectSchema = z.object({
  additionalProperties: z.literal(false),
  required: z.array(z.string()),
  properties: z.record(z.string(), fieldSchema),
});

function surface(schema: unknown) {
  const { required, properties } = objectSchema.parse(schema);
  return {
    required: required.toSorted(),
    fields: Object.fromEntries(
      Object.entries(properties).map(([name, { anyOf, maximum, ...field }]) => [
        name,
        {
          ...field,
          type: anyOf?.map(({ type }) => type) ?? field.type,
          // The contract bounds whole numbers by what a number can hold exactly, which says nothing.
          ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
        },
      ]),
    ),
  };
}

const item = (id: string): Template['items'][number] => {
  const found = template.items.find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no item ${id}.`);
  return found;
};

test.each(template.items.map(({ id }) => id))('the schema of %s says what its contract says', (id) => {
  const contract = contracts[id];
  if (contract === undefined) throw new Error(`There is no contract for ${id}.`);
  expect(surface(item(id).expects)).toEqual(surface(z.toJSONSchema(contract)));
});

test('each schema is one that can be checked by', () => {
  for (const { expects } of template.items)
    if (typeof expects === 'object') expect(schemaProblems(expects, {})).not.toEqual([]);
});

test('the six analysers are these, each an agent that does the item of its name', () => {
  const six = [
    ['document-analysis', 'analyse.documents'],
    ['architectural-risk', 'analyse.architectural-risk'],
    ['business-financial', 'analyse.cost'],
    ['compliance-governance', 'analyse.compliance'],
    ['data-flow-analysis', 'analyse.data-flow'],
    ['attack-path-analyzer', 'analyse.attack-paths'],
  ] as const;
  expect(coreAnalyses).toEqual(six.map(([id]) => id));
  for (const [id, capability] of six) {
    expect(item(id).work).toMatchObject({ kind: 'agent', capability });
    expect(roster.find((manifest) => manifest.id === id)).toMatchObject({
      capabilities: [capability],
      parameters: { analysis: id },
      layer: 'specialist',
    });
  }
});

test('the six run at once, the assessment waits for all, and the branches for the assessment', () => {
  for (const id of coreAnalyses) expect(item(id).depends_on).toEqual([]);
  expect(template.parallel).toBeGreaterThanOrEqual(coreAnalyses.length);
  expect(item('risk-assessment').depends_on).toEqual(coreAnalyses);
  for (const id of riskBranches)
    expect(item(id).depends_on).toEqual(expect.arrayContaining(['risk-assessment']));
  expect(item('report').depends_on).toEqual(expect.arrayContaining([...riskBranches]));
});

test('every item asks for what an agent can do', () => {
  const capabilities = new Set(roster.flatMap((manifest) => manifest.capabilities));
  for (const { work } of template.items)
    expect(work.kind === 'agent' && work.capability && capabilities.has(work.capability)).toBe(true);
});
