import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TestApi } from '../../support/api.js';
import { activityFailure, everyRun, WorkedApi } from '../../support/worked-api.js';

describe('lists of runs over HTTP', () => {
  let worked: WorkedApi;
  let api: TestApi;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    api = worked.api;
  });
  afterAll(async () => {
    await worked?.remove();
  });

  test('pages list each run once, and filters choose among them', async () => {
    const ended: { completed: string[]; failed: string[] } = { completed: [], failed: [] };
    await worked.working({}, async () => {
      for (const key of ['first', 'second']) ended.completed.push(await worked.accepted(key));
      for (const id of ended.completed) await worked.sealed(id);
    });
    await worked.working(
      { captureSubject: activityFailure('PackageUnknown', 'There is none.') },
      async () => {
        ended.failed.push(await worked.accepted('fails'));
        for (const id of ended.failed) await worked.sealed(id);
      },
    );
    const open = [await worked.accepted('open'), await worked.accepted('open-too')];
    const all = [...ended.completed, ...ended.failed, ...open].sort();
    await vi.waitFor(async () => expect((await everyRun(api)).sort()).toEqual(all));
    expect((await everyRun(api, '?state=completed')).sort()).toEqual(ended.completed.sort());
    expect(await everyRun(api, '?state=failed')).toEqual(ended.failed);
    expect((await everyRun(api, '?state=running')).sort()).toEqual(open.sort());
    expect(await everyRun(api, '?template=other')).toEqual([]);
    expect(await everyRun(api, '?tenant=local')).toHaveLength(all.length);
    expect(await everyRun(api, '?tenant=other')).toEqual([]);
  });

  test('a cursor that was altered is refused', async () => {
    const { body: page } = await api.get('/v1/runs?limit=1');
    const altered = `${page.next.slice(0, -2)}${page.next.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(await api.get(`/v1/runs?cursor=${altered}`)).toMatchObject({
      status: 400,
      body: { code: 'InputInvalid' },
    });
  });
});
