import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { type Waiver, waiverSchema } from '../../../libs/contracts/waiver.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { refTo } from '../../support/activity-doubles.js';
import type { Answer } from '../../support/api.js';
import { freshSigner } from '../../support/signers.js';
import { register, rejecting, waitingRun, waiverOf } from '../../support/waiting-run.js';
import { everyRun, WorkedApi } from '../../support/worked-api.js';

describe('waiving over HTTP', () => {
  const ada = freshSigner('person:ada');
  let worked: WorkedApi;
  beforeAll(async () => {
    worked = await WorkedApi.start();
    await register(worked, ada);
  });
  afterAll(async () => {
    await worked?.remove();
  });

  const send = (id: string, waiver: unknown): Promise<Answer> =>
    worked.api.send(`/v1/runs/${id}/waivers`, JSON.stringify(waiver));
  const refused = (status: number, code: string) => ({ status, body: expect.objectContaining({ code }) });
  const closed = (id: string, state: string) =>
    vi.waitFor(async () => expect((await worked.api.get(`/v1/runs/${id}`)).body).toMatchObject({ state }), {
      timeout: 20_000,
    });

  test('a run that waits says for what, and goes on once a registered person has waived it', async () => {
    await rejecting(worked, async () => {
      const { id, awaited } = await waitingRun(worked, 'goes-on');
      expect(awaited).toMatchObject({
        phase: 'execute',
        round: 1,
        verdicts: [refTo('execute B').digest],
        says: expect.stringContaining('The tests do not give the same verdicts.'),
      });
      expect(await everyRun(worked.api, 'state=waiting')).toEqual([id]);

      const waiver = waiverOf(ada, id, awaited);
      expect(await send(id, waiver)).toMatchObject({ status: 202, body: { id } });
      await closed(id, 'completed');
      const { body: view } = await worked.api.get(`/v1/runs/${id}`);
      expect(view.awaits).toBeNull();
      expect(view.phases[2]).toMatchObject({ phase: 'execute', state: 'completed' });
      expect(await send(id, waiver)).toMatchObject({ status: 202 });
      expect(await send(id, waiverOf(ada, id, awaited, '2026-01-05T10:00:00.000Z'))).toEqual(
        expect.objectContaining(refused(409, 'RunClosed')),
      );
    });
  });

  test('what does not count is refused, and the run goes on waiting', async () => {
    await rejecting(worked, async () => {
      const { id, awaited } = await waitingRun(worked, 'refused');
      const waiver = waiverOf(ada, id, awaited);
      const { signature, ...unsigned } = waiver;
      const output: Digest = refTo('something else').digest;
      const bad: [unknown, number, string][] = [
        [waiverOf(freshSigner('person:ada'), id, awaited), 422, 'WaiverInvalid'],
        [waiverOf(freshSigner('producer'), id, awaited), 422, 'WaiverInvalid'],
        [waiverOf(ada, id, { ...awaited, output }), 422, 'WaiverInvalid'],
        [waiverOf(ada, id, { ...awaited, phase: 'deliver' }), 422, 'WaiverInvalid'],
        [waiverOf(ada, 'another', awaited), 422, 'WaiverInvalid'],
        [{ ...waiver, reason: 'It was never signed.' } satisfies Waiver, 422, 'WaiverInvalid'],
        [unsigned, 400, 'InputInvalid'],
        [{ ...waiver, reason: 'Because.' }, 400, 'InputInvalid'],
        [{ ...waiver, more: 1 }, 400, 'InputInvalid'],
      ];
      const before = (await worked.api.stored()).length;
      for (const [body, status, code] of bad)
        expect(await send(id, body)).toEqual(expect.objectContaining(refused(status, code)));
      expect((await worked.api.stored()).length).toBe(before);
      expect((await worked.api.get(`/v1/runs/${id}`)).body.state).toBe('waiting');

      // The workflow refuses by itself what a client hands it past the API.
      const store = openStore(paths(worked.api.config).artifacts);
      const forged = await store.putJson({ ...unsigned, reason: 'It was never signed.', signature });
      const execute = worked.environment.client.workflow.getHandle(`run-${id}/3-execute`);
      await expect(execute.executeUpdate('waive', { args: [{ waiver: forged }] })).rejects.toMatchObject({
        cause: { type: 'WaiverInvalid' },
      });

      expect(waiverSchema.safeParse(waiver).success).toBe(true);
      expect((await send(id, waiver)).status).toBe(202);
      await closed(id, 'completed');
    });
  });

  test('a run that waits for nothing takes no waiver', async () => {
    await rejecting(worked, async () => {
      const id = await worked.accepted('impatient');
      await closed(id, 'blocked');
      const awaited = {
        phase: 'execute',
        round: 1,
        output: refTo('a').digest,
        verdicts: [refTo('b').digest],
      } as const;
      expect(
        await send(
          id,
          waiverOf(ada, id, { ...awaited, verdicts: [...awaited.verdicts], says: '', until: '' }),
        ),
      ).toEqual(expect.objectContaining(refused(409, 'RunClosed')));
    });
    const unknown = 'a'.repeat(26);
    const awaited = { phase: 'execute', round: 1, output: refTo('a').digest, says: '', until: '' } as const;
    expect(
      await send(unknown, waiverOf(ada, unknown, { ...awaited, verdicts: [refTo('b').digest] })),
    ).toEqual(expect.objectContaining(refused(404, 'RunUnknown')));
  });

  test('without a worker a run still says that it waits, and takes the waiver when one is back', async () => {
    let waiting: Awaited<ReturnType<typeof waitingRun>> | undefined;
    await rejecting(worked, async () => {
      waiting = await waitingRun(worked, 'workers-away');
    });
    if (!waiting) throw new Error('The run did not wait.');
    const { id, awaited } = waiting;
    expect((await worked.api.get(`/v1/runs/${id}`)).body).toMatchObject({ state: 'waiting', awaits: null });
    const waiver = waiverOf(ada, id, awaited);
    expect(await send(id, waiver)).toEqual(expect.objectContaining(refused(503, 'DependencyUnreachable')));
    await rejecting(worked, async () => {
      expect((await send(id, waiver)).status).toBe(202);
      await closed(id, 'completed');
    });
  });
});
