import { expect, vi } from 'vitest';
import { checkWaiver } from '../../activities/evidence/check-waiver.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { paths } from '../../libs/config/paths.js';
import { type AwaitedWaiver, awaitedWaiverSchema } from '../../libs/contracts/waiver.js';
import { readTrust } from '../../libs/crypto/read-trust.js';
import { registerKeys } from '../../libs/crypto/register-keys.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { signWaiver } from '../../libs/evidence/waiver.js';
import { withWorkers } from '../workflows/support/workers.js';
import { type AllActivities, activityDoubles, refTo } from './activity-doubles.js';
import { pinnedKeyOf } from './signers.js';
import { body, type WorkedApi, workedGraph } from './worked-api.js';

/** What a run is started with that waits an hour for a person. */
export const patientBody = { ...body, waiverWindow: 3600 };

/** Pass B rejects what execute did; all else passes. */
const judgePhase: AllActivities['judgePhase'] = async ({ phase, pass }) => {
  const passed = phase !== 'execute' || pass !== 'B';
  return {
    pass,
    passed,
    verdict: refTo(`${phase} ${pass}`),
    checks: 1,
    disagrees: false,
    failures: passed ? [] : ['The tests do not give the same verdicts.'],
  };
};

/** Has workers whose pass B rejects execute, and which check waivers by the service's trust, while a test goes on. */
export function rejecting({ api, environment }: WorkedApi, test: () => Promise<void>): Promise<void> {
  const { artifacts, trust } = paths(api.config);
  const check = checkWaiver({ store: openStore(artifacts), trust: () => readTrust(trust) });
  return withWorkers(environment, activityDoubles(workedGraph, { judgePhase, checkWaiver: check }).of, test);
}

/** Starts a run, and resolves with what it waits for once it does. */
export async function waitingRun(
  { api }: WorkedApi,
  key: string,
): Promise<{ id: string; awaited: AwaitedWaiver }> {
  const { status, body: accepted } = await api.startRun(patientBody, key);
  expect(status).toBe(202);
  const awaits = await vi.waitFor(
    async () => {
      const { body: view } = await api.get(`/v1/runs/${accepted.id}`);
      expect(view.state).toBe('waiting');
      return view.awaits;
    },
    { timeout: 20_000 },
  );
  return { id: accepted.id, awaited: awaitedWaiverSchema.parse(awaits) };
}

/** Has the service of an API trust a person. */
export const register = ({ api }: WorkedApi, person: Signer): Promise<void> =>
  registerKeys(paths(api.config).trust, [pinnedKeyOf(person)]);

/** A person's waiver of what a run waits for, as it is sent. */
export const waiverOf = (
  person: Signer,
  run: string,
  awaited: AwaitedWaiver,
  at = '2026-01-05T09:00:00.000Z',
) => signWaiver(person, run, awaited, { reason: 'The test depends on the clock.', at });
