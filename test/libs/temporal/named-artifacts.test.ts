import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { ChainEvent } from '../../../libs/temporal/chains.js';
import { committedArtifacts } from '../../../libs/temporal/named-artifacts.js';
import { agentItem, resultOf } from '../../support/activity-doubles.js';

/** A history in which items are done in this order, one after the other. */
const doing = (...items: readonly string[]): ChainEvent[] =>
  items.flatMap((id, index): ChainEvent[] => {
    const scheduled = 2 * index + 1;
    const event = (eventId: number, attributes: object): ChainEvent => ({
      chain: 0,
      id: eventId,
      event: { eventId: eventId as never, ...attributes },
    });
    const payloads = [defaultPayloadConverter.toPayload(resultOf(agentItem(id)))];
    return [
      event(scheduled, { activityTaskScheduledEventAttributes: { activityId: `${id}.${index + 1}` } }),
      event(scheduled + 1, {
        activityTaskCompletedEventAttributes: {
          scheduledEventId: scheduled as never,
          result: { payloads },
        },
      }),
    ];
  });

test('what an item did again is a version of its own, and the last one is the latest', () => {
  const found = committedArtifacts('execute', doing('look', 'mend', 'mend', 'mend'));
  expect(found.filter(({ name }) => !name.includes('measurements'))).toMatchObject([
    { name: 'execute/look.json', version: 1, latest: true },
    { name: 'execute/mend.json', version: 1, latest: false },
    { name: 'execute/mend-2.json', version: 2, latest: false },
    { name: 'execute/mend-3.json', version: 3, latest: true },
  ]);
});
