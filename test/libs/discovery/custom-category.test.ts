import { expect, test } from 'vitest';
import { agentRunOf } from '../../../libs/agents/agent-run-of.js';
import { emptyLedger } from '../../../libs/contracts/discovery.js';
import type { AgentRef, GraphItem } from '../../../libs/contracts/graph.js';
import type { Template } from '../../../libs/contracts/template.js';
import { type Admission, admit } from '../../../libs/discovery/admit.js';
import { expandConsumers, expandTemplate } from '../../../libs/graph/expand.js';
import { validateTemplate } from '../../../libs/templates/validate-template.js';
import { commandAgent } from '../../support/command-agent.js';
import { smallRun } from '../../support/small-run.js';
import { agent, item, result } from '../graph/graphs.js';

const handbook = `name: handbook
version: 1.0.0
title: A handbook
description: Chapters are written for what a reader lacks.
input: { type: object, required: [subject], properties: { subject: { type: string } } }
categories:
  writing:
    title: Writing
    instructions: Write for somebody who has never seen it.
    done: [Each sentence can be followed without help.]
    outputs: [A chapter]
    expects:
      type: object
      required: [chapter]
      properties: { chapter: { type: string } }
routes:
  - { name: lacks-a-chapter, when: "'manual' IN discovery.tags", category: writing }
items:
  - id: look
    title: Look
    category: analysis
    work: { kind: agent, capability: do.look }
    done: { says: It was looked at., schema: { type: object, required: [discoveries] } }
  - id: outline
    title: Outline
    category: writing
    work: { kind: agent, capability: do.outline }
    depends_on: [look]
    done: { says: There is an outline., expression: EXISTS result.chapter }
consumers:
  - id: write
    title: Write
    category: writing
    consumes: { kind: discovery, category: writing }
    work: { kind: agent, capability: do.write }
    done: { says: There is a chapter., expression: EXISTS result.chapter }
  - id: proofread
    title: Proofread
    category: validation
    consumes: { kind: result, category: writing }
    condition: EXISTS result.chapter
    work: { kind: agent, capability: do.proofread }
    done: { says: It was read., schema: { type: object, required: [verdict] } }
`;

function templateOf(text = handbook): Template {
  const { template, problems } = validateTemplate(text);
  if (!template) throw new Error(JSON.stringify(problems));
  return template;
}

const found = {
  description: 'The manual does not say how to uninstall it.',
  done: 'A chapter says it.',
  kind: 'bug',
  tags: ['manual'],
  parameters: { chapter: 'uninstall' },
};

function admitted(change: Partial<Admission> & Pick<Admission, 'template'>, agents?: AgentRef[]) {
  const blueprints = new Map(
    expandConsumers(change.template).map((one) => [one.id, { ...one, agents: agents ?? [agent(one.id)] }]),
  );
  return admit({
    ...{ planned: new Set(['look', 'outline']), blueprints, item: item('look'), code: null },
    ...{ result: { ...result('look'), discoveries: 1 }, outcome: { discoveries: [found] } },
    ledger: { ...emptyLedger, entries: [], consumed: [] },
    ...change,
  });
}

test('a template with a category of its own is sound, and its items are of that category', () => {
  const { problems, warnings } = validateTemplate(handbook);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  expect(expandTemplate(templateOf()).map(({ id, category }) => `${id}: ${category}`)).toEqual([
    'look: analysis',
    'outline: writing',
  ]);
});

test('a discovery that a rule routes into it becomes an item of its consumer, of that category', () => {
  const { items, ledger } = admitted({ template: templateOf() });
  expect(ledger.entries).toMatchObject([
    { fate: 'admitted', category: 'writing', route: 'lacks-a-chapter', items: ['write-1'] },
  ]);
  expect(items).toMatchObject([
    {
      id: 'write-1',
      title: found.description,
      body: 'write',
      category: 'writing',
      agents: [agent('write')],
      after: ['look'],
    },
  ]);
});

test('without the rule the same discovery is no work of that category', () => {
  const template = templateOf(handbook.replace(/^routes:\n.*\n/m, ''));
  const { items, ledger } = admitted({ template });
  expect(items).toEqual([]);
  expect(ledger.entries).toMatchObject([{ fate: 'follow-up', category: 'implementation' }]);
});

test('what comes of the category is consumed by who asks for its results', () => {
  const { items, ledger } = admitted({
    template: templateOf(),
    item: item('write-1', { category: 'writing', body: 'write' }),
    result: result('write-1'),
    outcome: { chapter: 'Uninstall it with npm.' },
  });
  expect(items).toMatchObject([{ id: 'proofread-1', category: 'validation', after: ['write-1'] }]);
  expect(ledger.consumed).toEqual([{ result: 'write-1', consumer: 'proofread', items: ['proofread-1'] }]);
});

/** What an item's agent is executed with, where the run follows the handbook. */
async function executed(of: (template: Template, agents: AgentRef[]) => GraphItem | undefined) {
  const { store, run, refs, accepted } = await smallRun();
  const template = templateOf();
  const manifest = commandAgent({ id: 'writer', capability: 'do.write', outcome: {} });
  const writer = { id: manifest.id, manifest: (await store.putJson(manifest)).digest };
  const made = of(template, [writer]);
  if (!made) throw new Error('There is no such item.');
  const { digest } = await store.putJson(template);
  const request = { ...accepted.request, template: { ...accepted.request.template, digest } };
  return await agentRunOf({
    ...{ store, run, item: made, agent: writer, assignment: refs.assignment, workspace: null },
    accepted: await store.putJson({ ...accepted, request }),
    inputs: { look: await store.putJson({ discoveries: [found] }) },
  });
}

const instructions = [
  'Write for somebody who has never seen it.',
  'It is done when: Each sentence can be followed without help.',
  'Expected: A chapter.',
].join('\n');

test('the item that was made gets the instructions and the contract of its category, and the discovery', async () => {
  const { run, expected, done } = await executed(
    (template, agents) => admitted({ template }, agents).items[0],
  );
  expect(run).toMatchObject({
    item: 'write-1',
    instructions,
    parameters: { chapter: 'uninstall', discovery: found },
  });
  expect(expected).toMatchObject({ name: 'custom', schema: { required: ['chapter'] } });
  expect(done.expression).toBe('EXISTS result.chapter');
});

test('an item that the template has itself gets them, too, and one of another category does not', async () => {
  const planned = (id: string) => (template: Template, agents: AgentRef[]) =>
    expandTemplate(template)
      .filter((one) => one.id === id)
      .map(({ capability: _, ...one }) => ({ ...one, agents }))[0];
  expect((await executed(planned('outline'))).run.instructions).toBe(instructions);
  expect((await executed(planned('look'))).run.instructions).not.toContain('Write for somebody');
});
