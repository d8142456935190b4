import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLedger, type Ledger } from '../../../libs/contracts/discovery.js';
import type { GraphItem, ItemResult } from '../../../libs/contracts/graph.js';
import { type Template, templateSchema } from '../../../libs/contracts/template.js';
import { type Admission, admit } from '../../../libs/discovery/admit.js';
import { expandConsumers } from '../../../libs/graph/expand.js';
import { agent, item, result } from '../graph/graphs.js';

const consumer = (id: string, consumes: object, more: object = {}) => ({
  id,
  title: `Work of ${id}`,
  category: 'category' in consumes && id !== 'validate' ? consumes.category : 'validation',
  consumes,
  work: { kind: 'agent', capability: `do.${id}` },
  timeout: '1 minute',
  done: { says: 'It is done.', expression: 'EXISTS result.kind' },
  ...more,
});

const templateOf = (change: object = {}): Template =>
  templateSchema.parse({
    name: 'sample',
    version: '1.0.0',
    title: 'Sample',
    description: 'A sample.',
    input: { type: 'object' },
    items: [
      {
        id: 'look',
        title: 'Look',
        category: 'analysis',
        work: { kind: 'agent', capability: 'look' },
        done: { says: 'It is done.', expression: 'EXISTS result.kind' },
      },
    ],
    consumers: [
      consumer('analyse', { kind: 'discovery', category: 'analysis' }),
      consumer('implement', { kind: 'discovery', category: 'implementation' }),
      consumer('validate', { kind: 'result', category: 'implementation', gather: 'siblings' }),
    ],
    ...change,
  });

const discovery = (description: string, change: object = {}) => ({
  description,
  done: 'A test shows that it is so.',
  kind: 'bug',
  ...change,
});

const workspace = { digest: `sha256:${'c'.repeat(64)}` as const, files: 1, bytes: 1 };

function admitted(discoveries: readonly unknown[], change: Partial<Admission> = {}) {
  const template = change.template ?? templateOf();
  const blueprints = new Map(
    expandConsumers(template).map((one) => [one.id, { ...one, agents: [agent(`${one.id}-agent`)] }]),
  );
  const made: ItemResult = { ...result('look'), discoveries: Math.max(1, discoveries.length) };
  return admit({
    template,
    planned: new Set(['look']),
    blueprints,
    item: item('look'),
    result: made,
    outcome: { discoveries },
    code: null,
    ledger: { ...emptyLedger, entries: [], consumed: [] },
    ...change,
  });
}

const fates = ({ ledger }: { ledger: Pick<Ledger, 'entries'> }): string[] =>
  ledger.entries.map(({ fate, category, reason, duplicateOf, items }) =>
    [
      fate,
      category,
      ...items,
      ...(duplicateOf === null ? [] : [`of ${duplicateOf}`]),
      ...(reason ? [reason] : []),
    ].join(' '),
  );

describe('a discovery', () => {
  it('becomes an item of the consumer of its category, behind the item that made it', () => {
    const found = admitted([discovery('The counter counts one too few.', { priority: 'urgent' })]);
    expect(fates(found)).toEqual(['admitted implementation implement-1']);
    expect(found.items[0]).toMatchObject({
      id: 'implement-1',
      title: 'The counter counts one too few.',
      body: 'implement',
      after: ['look'],
      agents: [agent('implement-agent')],
      rules: { priority: 'urgent', discovered: { by: 'look', depth: 1, index: 0 } },
    });
  });

  it.each([
    ['optimisation', 'analysis'],
    ['performance', 'analysis'],
    ['security', 'analysis'],
    ['bug', 'implementation'],
    ['test-failure', 'validation'],
  ])('of the kind %s is routed to %s, where nothing else is said', (kind, category) => {
    expect(admitted([discovery('Something was found out.', { kind })]).ledger.entries[0]?.category).toBe(
      category,
    );
  });

  it('is routed by the first rule of the template that holds', () => {
    const template = templateOf({
      routes: [
        { name: 'slow', when: "'slow' IN discovery.tags", category: 'analysis' },
        { name: 'all', when: "discovery.priority == 'high'", category: 'implementation' },
      ],
    });
    const tagged = discovery('It is slow on large input.', {
      tags: ['slow'],
      priority: 'high',
      kind: 'other',
    });
    expect(admitted([tagged], { template }).ledger.entries[0]).toMatchObject({
      category: 'analysis',
      route: 'slow',
    });
  });

  it('that does not keep to its contract is refused, with the reason', () => {
    expect(fates(admitted([{ description: 'short' }, 'nothing']))).toEqual([
      expect.stringMatching(/^refused {2}\/description: /),
      expect.stringMatching(/^refused {2}\/: /),
    ]);
  });

  it('that was made before is a duplicate, and no work', () => {
    const twice = [
      discovery('Cache the length of the array in the loop of render.'),
      discovery('Cache the length of the array in the loop of  Render.'),
    ];
    const found = admitted(twice);
    expect(fates(found)).toEqual(['admitted implementation implement-1', 'duplicate implementation of 1']);
    expect(found.items.map(({ id }) => id)).toEqual(['implement-1', 'validate-1']);
  });

  it('is a duplicate from a similarity of 0.8 on, or what the template says', () => {
    // 9 pairs of letters each, of which both have 8, so 0.89, or 6, so 0.67.
    const near = [discovery('abcdefghij'), discovery('abcdefghix')];
    const far = [discovery('abcdefghij'), discovery('abcdefgxyz')];
    const fateOf = (said: readonly unknown[], template?: Template) =>
      admitted(said, template ? { template } : {}).ledger.entries[1]?.fate;
    expect([fateOf(near), fateOf(far)]).toEqual(['duplicate', 'admitted']);
    expect(fateOf(near, templateOf({ emergence: { similarity: 0.9 } }))).toBe('admitted');
    expect(fateOf(far, templateOf({ emergence: { similarity: 0.6 } }))).toBe('duplicate');
  });

  it('is a duplicate of what another item found before', () => {
    const { ledger } = admitted([discovery('The counter counts one too few.')]);
    const later = admitted([discovery('the counter counts one too few.')], {
      item: item('look-again'),
      ledger: { ...ledger, previous: null },
    });
    expect(fates(later)).toEqual(['admitted implementation implement-1', 'duplicate implementation of 1']);
    expect(later.items).toEqual([]);
  });

  it('is of normal priority where it says none', () => {
    const found = admitted([discovery('The counter counts one too few.')]);
    expect(found.ledger.entries[0]?.discovery).toMatchObject({
      priority: 'normal',
      tags: [],
      parameters: {},
    });
    expect(found.items[0]?.rules).toMatchObject({ priority: 'normal' });
  });

  it('is no duplicate where the same is said of another place', () => {
    const places = ['a.js', 'b.js'].map((file) =>
      discovery('Cache the length of the array in the loop.', { parameters: { file } }),
    );
    expect(fates(admitted(places))).toEqual([
      'admitted implementation implement-1',
      'admitted implementation implement-2',
    ]);
  });

  it('waits for what blocks it, by number or by item', () => {
    const found = admitted([
      discovery('First the parser must be mended.'),
      discovery('Then the printer that relies on it.', {
        blockedBy: ['#1', 'look'],
        parameters: { second: true },
      }),
      discovery('And what relies on nobody knows what.', { blockedBy: ['#9'], parameters: { third: true } }),
    ]);
    expect(found.items.find(({ id }) => id === 'implement-2')?.after).toEqual(['look', 'implement-1']);
    expect(fates(found)[2]).toBe(
      'refused implementation It is blocked by #9, which is no work that is done or will be.',
    );
  });

  it('that nobody consumes is a follow-up', () => {
    expect(fates(admitted([discovery('The manual lacks a chapter.', { category: 'writing' })]))).toEqual([
      'follow-up writing Nobody consumes discoveries of writing, or no condition of those who do holds.',
    ]);
  });

  it('is a follow-up beyond the depth, the count or the cost that are allowed', () => {
    const one = [discovery('The counter counts one too few.')];
    const deep = item('look', { rules: { discovered: { by: 'x', depth: 5 } } });
    expect(fates(admitted(one, { item: deep }))[0]).toContain(
      'More than 5 discoveries would lead to one another.',
    );
    expect(fates(admitted(one, { template: templateOf({ emergence: { count: 0 } }) }))[0]).toContain(
      'More than 0 items',
    );
    expect(fates(admitted(one, { template: templateOf({ emergence: { cost: '1s' } }) }))[0]).toContain(
      'more than 1s',
    );
  });
});

describe('a result', () => {
  it('is consumed by those whose condition holds over it', () => {
    const template = templateOf({
      consumers: [
        consumer('check', { kind: 'result', category: 'analysis' }, { condition: 'result.approved' }),
      ],
    });
    const approved = (value: boolean) => admitted([], { template, outcome: { approved: value } });
    expect(approved(true).items.map(({ id, after }) => `${id} after ${after}`)).toEqual([
      'check-1 after look',
    ]);
    expect(approved(false).items).toEqual([]);
  });

  it('hands its workspace on to what follows from it', () => {
    const made = { ...result('look'), workspace };
    const [next] = admitted([discovery('The counter counts one too few.')], { result: made }).items;
    expect(next).toMatchObject({ workspace: 'look' });
  });
});

describe('siblings', () => {
  it('are validated together, on what they handed back merged', () => {
    const found = admitted(
      ['a.js', 'b.js'].map((file) => discovery('Mend what the linter says.', { parameters: { file } })),
    );
    expect(found.items.at(-1)).toMatchObject({
      id: 'validate-1',
      after: ['look', 'implement-1', 'implement-2'],
      workspace: null,
      rules: { merges: ['implement-1', 'implement-2'] },
    });
  });

  it('of which there is one are no merge', () => {
    const found = admitted([discovery('Mend what the linter says.')]);
    expect(found.items.at(-1)).toMatchObject({ id: 'validate-1', workspace: 'implement-1' });
    expect(found.items.at(-1)?.rules?.merges).toBeUndefined();
  });
});

describe('a failure', () => {
  it('becomes one critical discovery for analysis, behind nothing that failed', () => {
    const found = admitted([], { result: null, outcome: null, code: 'AgentFailed' });
    expect(fates(found)).toEqual(['admitted analysis analyse-1']);
    expect(found.items[0]).toMatchObject({
      after: [],
      rules: { priority: 'critical', discovered: { by: 'look', depth: 1, recovers: 'AgentFailed' } },
    });
  });
});

describe('whatever is found', () => {
  const words = fc.constantFrom('parser', 'printer', 'counter', 'cache', 'loop', 'render', 'index', 'total');
  const described = fc
    .tuple(words, words, words)
    .map((three) => `Look at the ${three.join(' and the ')} again.`);
  const found = fc.array(
    fc.record({
      description: described,
      kind: fc.constantFrom('bug', 'security', 'other'),
      done: fc.constant('A test shows it.'),
    }),
    { maxLength: 12 },
  );

  it('every discovery is in the ledger once, and every item belongs to one', () => {
    fc.assert(
      fc.property(found, (discoveries) => {
        const { items, ledger } = admitted(discoveries);
        expect(ledger.entries.map(({ index }) => index)).toEqual(discoveries.map((_, index) => index));
        const listed = [...ledger.entries, ...ledger.consumed].flatMap((entry) => entry.items);
        expect(listed.toSorted()).toEqual(items.map(({ id }: GraphItem) => id).toSorted());
        expect(new Set(listed).size).toBe(listed.length);
      }),
      { numRuns: 200 },
    );
  });

  it('the same in the same order leads to the same', () => {
    fc.assert(
      fc.property(found, (discoveries) => {
        expect(admitted(discoveries)).toEqual(admitted(discoveries));
      }),
      { numRuns: 50 },
    );
  });
});

describe('what the subject itself asks for', () => {
  const asked = ['Build the library first.', 'Then test what was built.', 'And write about it.'].map(
    (description) => discovery(description, { kind: 'bug' }),
  );
  const outside = (change: Partial<Admission> = {}) =>
    admitted(asked, { outside: true, result: null, item: { ...item('look'), id: 'subject' }, ...change });

  it('is done one after the other, and waits for no item that found it', () => {
    expect(outside().items.map(({ id, after, workspace }) => [id, after, workspace])).toEqual([
      ['implement-1', [], null],
      ['implement-2', ['implement-1'], 'implement-1'],
      ['implement-3', ['implement-2'], 'implement-2'],
      ['validate-1', ['implement-1', 'implement-2', 'implement-3'], 'implement-3'],
    ]);
  });

  it('merges nothing, as each went on from the one before', () => {
    expect(outside().items.at(-1)?.rules?.merges).toBeUndefined();
  });

  it('gets no id that was planned', () => {
    expect(outside({ planned: new Set(['look', 'implement-7']) }).items[0]?.id).toBe('implement-8');
  });

  it('may be more than one outcome may carry', () => {
    const many = Array.from({ length: 120 }, (_, index) =>
      discovery('Do what is said in this line.', { parameters: { line: index } }),
    );
    const template = templateOf({ emergence: { count: 200 } });
    const fate = (found: ReturnType<typeof admitted>) => found.ledger.entries.at(-1)?.fate;
    expect(fate(outside({ template, outcome: { discoveries: many } }))).toBe('admitted');
    expect(fate(admitted(many, { template }))).toBe('refused');
  });
});
