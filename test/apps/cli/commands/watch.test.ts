import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runEventSchema } from '../../../../libs/contracts/run.js';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad, startHeptad } from '../../../support/heptad.js';
import {
  acceptedView,
  completedView,
  failedView,
  itemProgressed,
  runEvent,
  wholeScript,
} from '../../../support/run-script.js';

describe('heptad watch', () => {
  const api = new ApiDouble();
  let server: string;

  beforeEach(async () => {
    api.runs.clear();
    api.requests.length = 0;
    api.breaks.length = 0;
    server = await api.start();
  });

  afterEach(() => api.stop());

  const watch = (...args: string[]) => heptad(['--server', server, 'watch', ...args]);
  const idsIn = (out: string) => [...out.matchAll(/event (\d+) happened/g)].map(([, id]) => Number(id));
  const openRun = (id: string) =>
    api.add({ view: acceptedView(id), events: [runEvent(1), runEvent(2)], artifacts: [] });
  const close = (id: string, first: number) => {
    const script = api.runs.get(id);
    if (script !== undefined) script.view = completedView(id);
    api.emit(id, runEvent(first, { kind: 'run-closed', phase: null, item: null }));
  };

  it('prints an event per line as JSON with --json', async () => {
    api.add(wholeScript(completedView('r1')));
    const { code, out } = await watch('r1', '--json');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => runEventSchema.parse(JSON.parse(line)));
    expect(events.map(({ id }) => id)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
    expect(code).toBe(0);
  });

  it('shows how far an item is that runs, which is no event to come back after', async () => {
    const { view, events, artifacts } = wholeScript(completedView('r1'));
    api.add({ view, artifacts, events: [...events.slice(0, 2), itemProgressed(2), ...events.slice(2)] });
    api.breaks.push(3);
    const { code, out } = await watch('r1');
    expect(code).toBe(0);
    expect(out).toMatch(/3-execute\/code +code is at 20 %: folders prepared\.$/m);
    expect(api.requests.at(-2)).toMatchObject({ lastEventId: 'e2' });
  });

  it.each([
    ['completed-conditionally', 0],
    ['failed', 1],
    ['blocked', 1],
    ['cancelled', 1],
    ['terminated', 1],
    ['timed-out', 1],
  ] as const)('exits for a run that ended as %s with %i', async (state, code) => {
    api.add(wholeScript(failedView('r1', { state })));
    expect((await watch('r1')).code).toBe(code);
  });

  it('goes on after the last event when the connection breaks, with nothing missing and nothing twice', async () => {
    api.breaks.push(1, 2);
    openRun('r1');
    api.emit('r1', runEvent(3));
    close('r1', 4);
    const { code, out } = await watch('r1');
    expect(idsIn(out)).toEqual([1, 2, 3, 4]);
    expect(code).toBe(0);
    const streams = api.requests.filter(({ route }) => route.endsWith('/events'));
    expect(streams.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e1', 'e2']);
  });

  it('says that the service is gone, and goes on when it is back', async () => {
    openRun('r1');
    const { port } = api;
    const command = startHeptad(['--server', server, 'watch', 'r1']);
    await vi.waitFor(() => expect(idsIn(command.out())).toEqual([1, 2]), 20_000);
    await api.stop();
    await api.start(port);
    await vi.waitFor(() => expect(api.streams).toBe(1), 20_000);
    close('r1', 3);
    const { code, err } = await command.ended;
    expect(idsIn(command.out())).toEqual([1, 2, 3]);
    expect(code).toBe(0);
    expect(err).toBe(
      'The connection to the service is lost; it is tried again.\nThe connection is there again.\n',
    );
  });

  it('tells of a run that there is not', async () => {
    const { code, out, err } = await watch('nothing');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('No run has the id nothing. [RunUnknown]\n');
  });

  it('says how to go on when it is interrupted, and does not cancel the run', async () => {
    openRun('r1');
    const command = startHeptad(['--server', server, 'watch', 'r1']);
    await vi.waitFor(() => expect(idsIn(command.out())).toEqual([1, 2]), 20_000);
    command.signal('SIGTERM');
    const { code, err } = await command.ended;
    expect(code).toBe(143);
    expect(err).toContain('The run goes on.');
    expect(api.requests.every(({ route }) => route.startsWith('GET '))).toBe(true);
  });
});
