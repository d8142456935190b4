import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DoneItem,
  dependantsOf,
  keptResults,
  takenOver,
} from '../../../libs/continuation/kept-results.js';
import type { GraphItem, WorkGraph } from '../../../libs/contracts/graph.js';
import { parsedCondition } from '../../../libs/graph/conditions/parsed-condition.js';
import { itemState } from '../../../libs/graph/graph-state.js';
import { initial, step } from '../../../libs/graph/schedule.js';
import { candidate, graph, item, result, Stepped } from '../graph/graphs.js';

/** Graphs without circles, of agents and barriers, some with a condition on the item before them. */
const graphs: fc.Arbitrary<WorkGraph> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('agent', 'agent', 'agent', 'consolidation', 'checkpoint' as const),
      before: fc.array(fc.nat(30), { maxLength: 3 }),
      conditional: fc.boolean(),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((shapes) => {
    const items: GraphItem[] = [];
    for (const [index, { kind, before, conditional }] of shapes.entries()) {
      const after = [...new Set(before.flatMap((place) => items[place % Math.max(1, index)]?.id ?? []))];
      const [first] = after;
      items.push(
        item(`n${index}`, {
          kind,
          after,
          ...(conditional && first ? { rules: { condition: parsedCondition(`${first}.accepted`) } } : {}),
        }),
      );
    }
    return graph(items);
  });

const verdict = fc.constantFrom('accepted', 'accepted', 'accepted', 'rejected', 'failed' as const);

/** Works a graph off, each item as a verdict says it, and gives what was done in the order in which it was. */
function workedOff(of: WorkGraph, verdicts: readonly string[]): { graph: WorkGraph; done: DoneItem[] } {
  const done: DoneItem[] = [];
  let { state, commands } = step(initial(of), { kind: 'begun' });
  const queue = [...commands];
  for (let number = 0; queue.length > 0; number += 1) {
    const command = queue.shift();
    if (command?.kind !== 'start') continue;
    const { id } = command.item;
    const said = verdicts[number % verdicts.length];
    const given = result(id, said !== 'rejected');
    if (said !== 'failed') done.push({ item: command.item, result: given });
    ({ state, commands } = step(
      state,
      said === 'failed'
        ? { kind: 'failed', item: id, code: 'AgentFailed', at: 'later' }
        : { kind: 'succeeded', item: id, result: given, at: 'later' },
    ));
    queue.push(...commands);
  }
  return { graph: state.graph, done };
}

describe('what is taken over of an earlier run', () => {
  it('is all that was done, where nothing failed', () => {
    fc.assert(
      fc.property(graphs, (of) => {
        const { done } = workedOff(of, ['accepted']);
        const kept = keptResults(of, done);
        expect(kept.map((one) => one.item).sort()).toEqual(done.map((one) => one.result.item).sort());
      }),
    );
  });

  it('comes after nothing that is done again', () => {
    fc.assert(
      fc.property(
        graphs,
        fc.array(verdict, { minLength: 1, maxLength: 14 }),
        fc.nat(14),
        (of, verdicts, cut) => {
          const { done } = workedOff(of, verdicts);
          const kept = keptResults(of, done.slice(0, cut));
          const { state } = step(initial(of, false, kept), { kind: 'begun' });
          for (const { item: id } of kept)
            for (const before of state.graph.items.find((one) => one.id === id)?.after ?? []) {
              const { status, occurrence } = itemState(state, before);
              expect([status, occurrence]).toEqual([expect.stringMatching(/^(completed|skipped)$/), 0]);
            }
          // Taking it over again changes nothing.
          expect(takenOver(of, kept).map((one) => one.result)).toEqual(kept);
        },
      ),
    );
  });

  it('has nothing that depends on an item that is done again', () => {
    fc.assert(
      fc.property(graphs, fc.array(verdict, { minLength: 1 }), fc.nat(13), (of, verdicts, place) => {
        const { done } = workedOff(of, verdicts);
        const again = of.items[place % of.items.length]?.id ?? '';
        const dependants = dependantsOf(of, again);
        const kept = keptResults(
          of,
          done.filter((one) => !dependants.has(one.result.item)),
        );
        const ids = new Set(kept.map((one) => one.item));
        expect(ids.has(again)).toBe(false);
        for (const one of of.items)
          if (one.after.some((id) => dependants.has(id))) expect(ids.has(one.id)).toBe(false);
      }),
    );
  });

  it('is repaired candidates too, and the barrier that waited for the repair', () => {
    const of = graph(
      [
        ...candidate('A'),
        item('join', { kind: 'consolidation', after: ['validate-a'] }),
        item('last', { after: ['join'] }),
      ],
      { repairs: 1 },
    );
    // improve-a, then its validation rejects it; the repair and its validation go well.
    const { done } = workedOff(of, ['accepted', 'rejected', 'accepted', 'accepted', 'accepted', 'accepted']);
    expect(done.map((one) => one.result.item)).toEqual([
      ...['improve-a', 'validate-a', 'improve-a-repair', 'validate-a-repair', 'join', 'last'],
    ]);
    expect(
      keptResults(of, done)
        .map((one) => one.item)
        .sort(),
    ).toEqual(done.map((one) => one.result.item).sort());
    const without = done.filter((one) => one.result.item !== 'validate-a-repair');
    expect(keptResults(of, without).map((one) => one.item)).toEqual([
      'improve-a',
      'validate-a',
      'improve-a-repair',
    ]);
  });

  it('is no barrier behind a repair that would be another one now', () => {
    const of = graph(
      [
        ...candidate('A'),
        ...candidate('B'),
        item('join', { kind: 'consolidation', after: ['validate-a', 'validate-b'] }),
      ],
      { repairs: 1 },
    );
    // A was rejected first, so the one repair was its own; with both at once it is that of B.
    const earlier = new Stepped(of);
    earlier.done('improve-a');
    earlier.done('improve-b');
    earlier.done('validate-a', false);
    earlier.done('validate-b', false);
    for (const id of ['improve-a-repair', 'validate-a-repair', 'join']) earlier.done(id);
    const done = earlier.state.graph.items.flatMap((one) => {
      const given = earlier.state.items[one.id]?.result;
      return given ? { item: one, result: given } : [];
    });
    expect(done).toHaveLength(7);
    expect(keptResults(of, done).map((one) => one.item)).toEqual([
      ...['improve-a', 'validate-a', 'improve-b', 'validate-b'],
    ]);
  });

  it('is not what was found, done in parts, or done by what stood in', () => {
    const of = graph([
      item('a', { rules: { fallback: 'b' } }),
      item('b', { rules: { standby: { for: 'a', as: 'fallback' } } }),
      item('c', { after: ['a'] }),
    ]);
    const done = [
      { item: item('a', { rules: { fallback: 'b' } }), result: { ...result('a'), standIn: 'b' } },
      { item: item('found-1', { rules: { discovered: { by: 'a', depth: 1 } } }), result: result('found-1') },
      { item: item('c', { after: ['a'] }), result: result('c') },
    ];
    expect(keptResults(of, done)).toEqual([]);
  });
});
