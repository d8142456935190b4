import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../../apps/cli/client/api-client.js';
import { followRun } from '../../../../apps/cli/client/follow-run.js';
import type { StreamedEvent } from '../../../../libs/contracts/run.js';
import { ApiDouble } from '../../../support/api-double.js';
import {
  acceptedView,
  completedView,
  itemProgressed,
  runEvent,
  wholeScript,
} from '../../../support/run-script.js';

async function all(events: AsyncIterable<StreamedEvent>): Promise<StreamedEvent[]> {
  const list: StreamedEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('followRun', () => {
  const api = new ApiDouble();
  let client: ApiClient;

  beforeEach(async () => {
    api.runs.clear();
    api.requests.length = 0;
    client = new ApiClient(await api.start(), undefined);
  });

  afterEach(() => api.stop());

  const follow = (until: 'closed' | 'sealed', patience?: number) =>
    followRun(client, 'r1', {
      until,
      signal: new AbortController().signal,
      onGap: () => {},
      ...(patience === undefined ? {} : { patience, interval: 1 }),
    });

  it.each([
    ['closed', 'run-closed'],
    ['sealed', 'sealed'],
  ] as const)('ends where the run is %s', async (until, last) => {
    api.add(wholeScript(completedView('r1')));
    const kinds = (await all(follow(until))).map(({ kind }) => kind);
    expect(kinds.at(-1)).toBe(last);
  });

  it('ends for a run that has ended although its stream does not say so', async () => {
    api.breaks.push(1);
    api.add({ view: completedView('r1'), events: [runEvent(1)], artifacts: [] });
    expect(await all(follow('sealed'))).toHaveLength(1);
  });

  it('comes back after the last event that is kept, whatever was told of items since', async () => {
    const { events, ...script } = wholeScript(completedView('r1'));
    api.add({ ...script, events: [...events.slice(0, 3), itemProgressed(3), ...events.slice(3)] });
    api.breaks.push(4);
    const kinds = (await all(follow('closed'))).map(({ kind }) => kind);
    expect(api.requests.filter(({ route }) => route.endsWith('/events'))).toMatchObject([
      { lastEventId: undefined },
      { lastEventId: 'e3' },
    ]);
    expect(kinds.filter((kind) => kind !== 'item-progressed')).toEqual(
      events.map(({ kind }) => kind).filter((kind) => kind !== 'sealed'),
    );
    expect(kinds).toContain('item-progressed');
  });

  it('gives up when nothing answers for as long as it has patience', async () => {
    api.add({ view: acceptedView('r1'), events: [runEvent(1)], artifacts: [] });
    const events = follow('closed', 50);
    expect((await events.next()).value).toMatchObject({ id: 'e1' });
    await api.stop();
    await expect(events.next()).rejects.toMatchObject({ code: 'ApiUnreachable' });
  });

  it('does not come back for what another try does not help', async () => {
    await expect(follow('closed').next()).rejects.toMatchObject({ code: 'RunUnknown' });
    expect(api.requests.filter(({ route }) => route.endsWith('/events'))).toHaveLength(1);
  });
});
