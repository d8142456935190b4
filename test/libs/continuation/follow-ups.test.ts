import { describe, expect, it } from 'vitest';
import { continuedItems } from '../../../libs/continuation/continued-work.js';
import { followUps } from '../../../libs/continuation/follow-ups.js';
import { type Discovery, discoverySchema, type LedgerEntry } from '../../../libs/contracts/discovery.js';
import { type Template, templateSchema } from '../../../libs/contracts/template.js';
import { agentItem } from '../../support/activity-doubles.js';

const discovery = (description: string, changes: Partial<Discovery> = {}): Discovery =>
  discoverySchema.parse({
    description,
    category: 'repair',
    done: 'It is shown that it is repaired.',
    ...changes,
  });

const entry = (number: number, changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  number,
  by: 'look',
  depth: 1,
  discovery: discovery(`The function number ${number} leaks.`),
  index: number - 1,
  category: 'repair',
  route: null,
  fate: 'follow-up',
  reason: 'More than 1 items would be added.',
  duplicateOf: null,
  items: [],
  ...changes,
});

const template: Template = templateSchema.parse({
  name: 'small',
  version: '1.0.0',
  title: 'Small',
  description: 'Looks, and mends what is found.',
  input: { type: 'object' },
  items: [
    {
      ...{ id: 'look', title: 'Look', category: 'analysis', work: { kind: 'agent', capability: 'look' } },
      done: { says: 'It is looked at.', expression: 'EXISTS result.seen' },
    },
  ],
  consumers: [
    {
      ...{ id: 'mend', title: 'Mend', category: 'repair', work: { kind: 'agent', capability: 'mend' } },
      consumes: { kind: 'discovery', category: 'repair' },
      done: { says: 'It is mended.', expression: 'EXISTS result.mended' },
    },
  ],
});

const everything = () => true;

const mender = { id: 'mender', manifest: `sha256:${'a'.repeat(64)}` as const };

describe('what a run left', () => {
  it('is what it found and neither did, refused nor had already', () => {
    const entries = [
      entry(1, { fate: 'admitted', items: ['mend-1'] }),
      entry(2),
      entry(3, { fate: 'refused', discovery: null }),
      entry(4, { fate: 'duplicate', duplicateOf: 2 }),
      entry(5),
    ];
    expect(followUps({ entries }, everything).map(({ description }) => description)).toEqual([
      'The function number 2 leaks.',
      'The function number 5 leaks.',
    ]);
  });

  it('waits for what it waited for, where that was left too', () => {
    const blocked = { discovery: discovery('It is blocked by others.', { blockedBy: ['#1', '#2', 'look'] }) };
    const entries = [entry(1, { fate: 'admitted', items: ['mend-1'] }), entry(2), entry(3, blocked)];
    expect(followUps({ entries }, everything).map(({ blockedBy }) => blockedBy)).toEqual([[], ['#1']]);
  });

  it('is without what is kept from the other run, which blocks nothing there', () => {
    const kept = { discovery: discovery('This one is private.', { visibility: { kind: 'private' } }) };
    const blocked = { discovery: discovery('It is blocked by both.', { blockedBy: ['#1', '#2'] }) };
    const left = followUps(
      { entries: [entry(1, kept), entry(2), entry(3, blocked)] },
      ({ visibility }) => visibility.kind === 'public',
    );
    expect(left.map(({ description, blockedBy }) => [description, blockedBy])).toEqual([
      ['The function number 2 leaks.', []],
      ['It is blocked by both.', ['#1']],
    ]);
  });

  it('comes with the planned items that consumers ask for, and all that these come after', () => {
    const [mend] = template.consumers;
    if (!mend) throw new Error('There is no consumer.');
    const asking = { ...template, consumers: [{ ...mend, inputs: { seen: 'look.seen' } }] };
    const plan = [
      agentItem('begin'),
      agentItem('look', { after: ['begin'] }),
      agentItem('end', { after: ['look'] }),
    ];
    const left = [discovery('The first leaks memory.')];
    expect(continuedItems(asking, left, plan, () => [mender]).map(({ id, after }) => [id, after])).toEqual([
      ['begin', []],
      ['look', ['begin']],
      ['mend-1', ['look']],
    ]);
    expect(continuedItems(asking, [], plan, () => [mender])).toEqual([]);
  });

  it('is done by the consumers of the template, in the order in which it waits', () => {
    const left = [
      discovery('The first leaks memory.'),
      discovery('A second thing, elsewhere.', { blockedBy: ['#1'] }),
    ];
    const items = continuedItems(template, left, [], (consumer) => (consumer === 'mend' ? [mender] : []));
    expect(
      items.map(({ id, body, after, workspace, agents }) => [id, body, after, workspace, agents]),
    ).toEqual([
      ['mend-1', 'mend', [], null, [mender]],
      ['mend-2', 'mend', ['mend-1'], null, [mender]],
    ]);
    expect(items.map(({ rules }) => rules?.discovered)).toEqual([
      { by: 'continued', depth: 1, index: 0 },
      { by: 'continued', depth: 1, index: 1 },
    ]);
  });

  it('is nothing where no consumer takes it', () => {
    expect(
      continuedItems(template, [discovery('Something else is found.', { category: 'docs' })], [], () => []),
    ).toEqual([]);
  });
});
