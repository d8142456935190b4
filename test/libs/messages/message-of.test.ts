import { describe, expect, test } from 'vitest';
import { messageSchema } from '../../../libs/contracts/message.js';
import { type EndedItem, messageOf } from '../../../libs/messages/message-of.js';
import { agentItem, resultOf } from '../../support/activity-doubles.js';

const item = agentItem('look', { after: ['plan'] });

const ended = (change: Partial<EndedItem> = {}): EndedItem => ({
  item,
  status: 'completed',
  code: null,
  waived: null,
  result: resultOf(item),
  startedAt: '2026-01-01T12:00:00.000Z',
  endedAt: '2026-01-01T12:00:02.500Z',
  retries: 1,
  usage: { peakMemoryBytes: 10 },
  next: ['mend'],
  ...change,
});

const of = (change: Partial<EndedItem> = {}) => messageSchema.parse(messageOf(ended(change)));

describe('a message', () => {
  test('has who, when, what, after whom, what next, how long and with what', () => {
    expect(of()).toEqual({
      header: {
        phase: 'analysis',
        agent_id: 'agent.look',
        timestamp: '2026-01-01T12:00:02.500Z',
        priority: 'normal',
      },
      body: {
        message_type: 'result',
        content: {
          item: 'look',
          title: 'Item look',
          status: 'completed',
          summary: 'look done',
          accepted: true,
          outcome: resultOf(item).outcome.digest,
        },
        dependencies: ['plan'],
        next_action: 'Go on with mend.',
      },
      metadata: { execution_time: 2.5, resource_usage: { peakMemoryBytes: 10 }, retry_count: 1 },
    });
  });

  test.each([
    ['critical', 'critical'],
    ['urgent', 'high'],
    ['high', 'high'],
    ['normal', 'normal'],
    ['low', 'low'],
  ] as const)('of an item that is %s is %s', (priority, said) => {
    expect(of({ item: { ...item, rules: { priority } } }).header.priority).toBe(said);
  });

  const none = { result: null };
  const waived = { by: 'ada', reason: 'It is known.' };
  test.each<[string, Partial<EndedItem>, string, string]>([
    [
      'of a failure is an error',
      { ...none, status: 'failed', code: 'AgentFailed' },
      'error',
      'Decide whether mend can do without it.',
    ],
    [
      'of what did not end in time is an error',
      { ...none, status: 'timeout', code: 'CollectionExpired' },
      'error',
      'Decide whether mend can do without it.',
    ],
    [
      'of what a person left out is a warning',
      { ...none, status: 'skipped', code: 'SkippedByPerson', waived },
      'warning',
      'Go on with care: mend.',
    ],
    [
      'of what was not needed is for information',
      { ...none, status: 'skipped', code: 'ConditionFalse' },
      'info',
      'Go on without it: mend.',
    ],
    [
      'of what was skipped for another is an error',
      { ...none, status: 'skipped', code: 'AgentFailed' },
      'error',
      'Decide whether mend can do without it.',
    ],
    [
      'of what accepts nothing is a warning',
      { result: resultOf(item, { accepted: false }) },
      'warning',
      'Go on with care: mend.',
    ],
    ['of the last item has nobody to go on', { next: [] }, 'result', 'Nothing waits for it.'],
  ])('%s', (_, change, type, next) => {
    expect(of(change).body).toMatchObject({ message_type: type, next_action: next });
  });

  test('of a checkpoint that did not pass says what stops', () => {
    const gate = agentItem('gate', { kind: 'checkpoint', agents: [] });
    const message = of({ item: gate, result: resultOf(gate, { agent: null, accepted: false }) });
    expect(message.header.agent_id).toBe('heptad');
    expect(message.body).toMatchObject({ message_type: 'warning', next_action: 'Stop before mend.' });
  });

  test('of what never started has no time', () => {
    expect(
      of({ ...none, status: 'skipped', code: 'ConditionFalse', startedAt: null }).metadata.execution_time,
    ).toBe(null);
  });
});
