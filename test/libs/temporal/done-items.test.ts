import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { GraphItem, ItemResult } from '../../../libs/contracts/graph.js';
import type { ChainEvent } from '../../../libs/temporal/chains.js';
import { doneItems } from '../../../libs/temporal/done-items.js';
import { agentItem, graphOf, resultOf } from '../../support/activity-doubles.js';

/** The history of an execute, told item by item. */
class Told {
  readonly events: ChainEvent[] = [];

  constructor() {
    this.#add({});
  }

  starts(item: GraphItem, chain = 0): number {
    const input = { payloads: [defaultPayloadConverter.toPayload({ item })] };
    return this.#add({ activityTaskScheduledEventAttributes: { activityId: `${item.id}.1`, input } }, chain);
  }

  ends(scheduled: number, result: ItemResult, chain = 0): void {
    const payloads = [defaultPayloadConverter.toPayload(result)];
    this.#add(
      {
        activityTaskCompletedEventAttributes: { scheduledEventId: scheduled as never, result: { payloads } },
      },
      chain,
    );
  }

  does(item: GraphItem, result: ItemResult = resultOf(item)): void {
    this.ends(this.starts(item), result);
  }

  #add(attributes: ChainEvent['event'], chain = 0): number {
    const id = this.events.length + 1;
    const eventTime = { seconds: id as never, nanos: 0 };
    this.events.push({ chain, id, event: { eventId: id as never, eventTime, ...attributes } });
    return id;
  }
}

const [look, mend] = [agentItem('look'), agentItem('mend', { after: ['look'] })];
const plan = { graph: graphOf(look, mend) };
const done = (told: Told, ...rest: [Parameters<typeof doneItems>[1], Parameters<typeof doneItems>[2]]) =>
  doneItems(told.events, ...rest).map(({ result, at }) => [result.item, result.summary, at]);

describe('what execute has done, by its history', () => {
  it('is in the order in which it was done, whatever still runs', () => {
    const told = new Told();
    const [first, second] = [told.starts(look), told.starts(mend)];
    told.starts(agentItem('third'));
    told.ends(second, resultOf(mend));
    told.ends(first, resultOf(look));
    expect(done(told, plan, null)).toEqual([
      ['mend', 'mend done', '1970-01-01T00:00:05.000Z'],
      ['look', 'look done', '1970-01-01T00:00:06.000Z'],
    ]);
  });

  it('is not what was begun once more and did not end', () => {
    const told = new Told();
    told.does(look);
    told.starts(look);
    expect(done(told, plan, null)).toEqual([]);
  });

  it('is not what waits for a person, or was rejected by one, as far as is known', () => {
    const told = new Told();
    told.does(agentItem('look', { rules: { review: { withinMs: 1000 } } }));
    expect(done(told, plan, null)).toEqual([]);
  });

  it('is what was committed, where execute staged that', () => {
    const told = new Told();
    told.does(look, resultOf(look, { summary: 'first' }));
    told.does(mend);
    const committed = [resultOf(look, { summary: 'approved' })];
    expect(done(told, plan, { ...plan, results: committed }).map(([item, says]) => [item, says])).toEqual([
      ['look', 'approved'],
    ]);
  });

  it('is also what it took over from an earlier run', () => {
    const told = new Told();
    told.does(mend);
    const reused = [resultOf(look, { reusedFrom: 'r0' })];
    expect(done(told, { ...plan, reused }, null)).toEqual([
      ['look', 'look done', '1970-01-01T00:00:01.000Z'],
      ['mend', 'mend done', '1970-01-01T00:00:03.000Z'],
    ]);
  });

  it('is kept apart by the runs of a chain, whose events have the same numbers', () => {
    const told = new Told();
    const scheduled = told.starts(look, 0);
    told.ends(scheduled, resultOf(mend), 1);
    expect(done(told, plan, null)).toEqual([]);
  });
});
