import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactStore } from '../../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import type { ArtifactRef } from '../../../../libs/contracts/artifact.js';
import { deletionSchema } from '../../../../libs/contracts/evidence.js';
import { runSummarySchema } from '../../../../libs/contracts/run.js';
import { openSigner } from '../../../../libs/crypto/open-signer.js';
import { readTrust } from '../../../../libs/crypto/read-trust.js';
import { deletionEntryName, refusalEntryName, sealEntryName } from '../../../../libs/evidence/seal-entry.js';
import { payloadType } from '../../../../libs/protocol/payload-types.js';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad } from '../../../support/heptad.js';
import { digestOf } from '../../../support/run-evidence.js';
import { acceptedView, completedView } from '../../../support/run-script.js';

describe('heptad gc', () => {
  const api = new ApiDouble();
  let data: string;
  let store: ArtifactStore;
  let env: Record<string, string>;

  beforeEach(async () => {
    api.runs.clear();
    env = {};
    await api.start();
    data = await mkdtemp(join(tmpdir(), 'heptad-cli-'));
    store = openStore(join(data, 'artifacts'));
  });

  afterEach(async () => {
    await api.stop();
    await rm(data, { recursive: true });
  });

  const gc = (...args: string[]) =>
    heptad(['gc', ...args], { env: { HEPTAD_DATA: data, HEPTAD_API_PORT: String(api.port), ...env } });

  const sealed = (run: string, seal: ArtifactRef, closedAt = '2025-01-01T00:00:00.000Z') =>
    store.entries.put(
      sealEntryName(run),
      JSON.stringify({
        seal,
        summary: runSummarySchema.strip().parse({ ...completedView(run), startedAt: closedAt, closedAt }),
      }),
    );

  /** An artifact that was put long ago, before the scripted runs began. */
  async function old(content: unknown): Promise<ArtifactRef> {
    const ref = await store.putJson(content);
    const name = ref.digest.slice('sha256:'.length);
    const time = new Date('2025-01-01T00:00:00Z');
    for (const path of [join(data, 'artifacts', 'sha256', name.slice(0, 2), name)])
      await utimes(path, time, time);
    return ref;
  }

  const openRun = (ref: ArtifactRef, startedAt = '2026-01-01T12:00:00.000Z') =>
    api.add({
      view: acceptedView('r1', { startedAt }),
      events: [],
      artifacts: [{ name: 'request.json', ...ref, version: 1, latest: true }],
    });

  it('shows first and deletes nothing', async () => {
    const garbage = await old({ needed: 'by nothing' });
    const { code, out } = await gc();
    expect(code).toBe(0);
    expect(out).toMatch(/^Needed by nothing: 1 file, \d+ bytes\.$/m);
    expect(out).toContain('Nothing was deleted; `heptad gc --yes` does it.');
    expect(await store.has(garbage.digest)).toBe(true);
  });

  it('deletes with --yes what neither a seal nor a run without one needs', async () => {
    const garbage = await old({ needed: 'by nothing' });
    const below = await old({ named: 'by an artifact of an open run' });
    const ofOpen = await old({ names: below.digest });
    const ofSeal = await old({ named: 'by a seal' });
    openRun(ofOpen);
    await sealed('r0', ofSeal);
    const { code, out } = await gc('--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      deleted: true,
      openRuns: ['r1'],
      garbage: { count: 1 },
      kept: { count: 3 },
    });
    expect(await store.has(garbage.digest)).toBe(false);
    for (const { digest } of [below, ofOpen, ofSeal]) expect(await store.has(digest)).toBe(true);
  });

  it('needs what the steps of an open run name', async () => {
    const checkpoint = await old({ state: 'from which an activity goes on' });
    openRun(await old({}));
    const step = JSON.stringify({ checkpoint: checkpoint.digest, signature: { keyid: digestOf('key') } });
    await store.entries.put('attempts/r1/run-r1_3-execute/look.1/step-000001.json', step);
    expect(JSON.parse((await gc('--yes', '--json')).out)).toMatchObject({
      garbage: { count: 0 },
      missing: [],
    });
    expect(await store.has(checkpoint.digest)).toBe(true);
  });

  it('needs the evidence of a run that could not be sealed', async () => {
    const record = await old({ record: 'of a phase' });
    const archive = await old({ histories: 'of a run' });
    const refusal = { archive: archive.digest, records: [record.digest] };
    await store.entries.put(refusalEntryName('r5'), JSON.stringify(refusal));
    expect(JSON.parse((await gc('--yes', '--json')).out)).toMatchObject({
      garbage: { count: 0 },
      kept: { count: 2 },
    });
  });

  it('needs registered templates, archived ones too, and the template that an open run follows', async () => {
    const registered = await old({ name: 'registered' });
    const followed = await old({ name: 'followed' });
    openRun(await old({}));
    const entry = JSON.stringify({ digest: registered.digest });
    await store.entries.put('templates/local/registered/versions/1.0.0', entry);
    await store.entries.put('templates/local/registered/archived/all', '{}');
    await store.entries.put('pins/r1/0123', JSON.stringify({ digest: followed.digest }));
    await store.entries.put('pins/r0/0123', JSON.stringify({ digest: (await old({ of: 'no run' })).digest }));
    expect(JSON.parse((await gc('--yes', '--json')).out)).toMatchObject({ garbage: { count: 1 } });
    for (const { digest } of [registered, followed]) expect(await store.has(digest)).toBe(true);
  });

  it('keeps every archive where no time is set', async () => {
    await sealed('r0', await old({ seal: 'r0' }), '2000-01-01T00:00:00.000Z');
    const { out } = await gc('--yes', '--json');
    expect(JSON.parse(out)).toMatchObject({ archives: { kept: 'forever', runs: [] }, garbage: { count: 0 } });
  });

  it('shows archives that are older than they are kept, and deletes them with --yes, saying so for ever', async () => {
    const young = await old({ seal: 'young' });
    const expired = await old({ seal: 'expired' });
    await sealed('r0', young, new Date().toISOString());
    await sealed('r9', expired, '2025-01-01T00:00:00.000Z');
    // The engine still knows the run.
    api.add({ view: completedView('r9', { sealed: false }), events: [], artifacts: [] });
    env.HEPTAD_RETENTION = '90 days';
    const shown = await gc();
    expect(shown.out).toContain('Kept no longer: 1 archive of runs that closed more than 90 days ago: r9.');
    expect(shown.out).toContain('Nothing was deleted');
    expect(await store.entries.get(sealEntryName('r9'))).toBeDefined();

    const { code, out } = await gc('--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      archives: { kept: '90 days', runs: ['r9'] },
      openRuns: [],
      garbage: { count: 1 },
    });
    expect(await store.has(expired.digest)).toBe(false);
    expect(await store.has(young.digest)).toBe(true);
    expect(await store.entries.list('seals/')).toEqual(['seals/r0']);
    const deletion = deletionSchema.parse(
      JSON.parse(String(await store.entries.get(deletionEntryName('r9')))),
    );
    const trust = await readTrust(join(data, 'trust'));
    expect(trust.problemsOf(deletion, { type: payloadType.deletion, identity: 'release' })).toEqual([]);
    expect((await gc()).out).not.toContain('r9');
  });

  it('deletes no archive without the release key, with which it would be recorded', async () => {
    await sealed('r9', await old({ seal: 'r9' }), '2025-01-01T00:00:00.000Z');
    await openSigner({ keys: join(data, 'keys'), trust: join(data, 'trust') }, 'release');
    await rm(join(data, 'keys'), { recursive: true });
    env.HEPTAD_RETENTION = '90 days';
    const { code, err } = await gc('--yes');
    expect(code).toBe(1);
    expect(err).toContain('[KeyNotPinned]');
    expect(await store.entries.get(sealEntryName('r9'))).toBeDefined();
  });

  it('spares what is not older than the oldest run without a seal', async () => {
    const unnamed = await old({ stored: 'by a run that has not named it yet' });
    openRun(await old({}), '2024-12-31T00:00:00.000Z');
    expect(JSON.parse((await gc('--yes', '--json')).out)).toMatchObject({
      garbage: { count: 0 },
      young: { count: 1 },
    });
    expect(await store.has(unnamed.digest)).toBe(true);
  });

  it('deletes nothing where the service uses other artifacts than those of the data folder', async () => {
    const garbage = await old({ needed: 'by nothing' });
    openRun({ digest: digestOf('elsewhere'), size: 1, mediaType: 'application/json' });
    const { code, err } = await gc('--yes');
    expect(code).toBe(1);
    expect(err).toContain('the folder does not have request.json of the run r1');
    expect(err).toContain('[GarbageUnsafe]');
    expect(await store.has(garbage.digest)).toBe(true);
  });

  it('deletes nothing where a run is sealed elsewhere', async () => {
    api.add({ view: completedView('r1'), events: [], artifacts: [] });
    const { code, err } = await gc('--yes');
    expect(code).toBe(1);
    expect(err).toContain('the folder has no seal of it');
  });

  it('deletes nothing where the service does not answer, for open runs are not known then', async () => {
    const garbage = await old({ needed: 'by nothing' });
    const env = { HEPTAD_DATA: data, HEPTAD_API_PORT: String(api.port) };
    await api.stop();
    const { code, err } = await heptad(['gc', '--yes'], { env });
    await api.start();
    expect(code).toBe(3);
    expect(err).toContain('[ApiUnreachable]');
    expect(await store.has(garbage.digest)).toBe(true);
  });

  it('works on this machine alone', async () => {
    const { code, err } = await gc('--yes', '--server', 'http://127.0.0.1:1');
    expect(code).toBe(2);
    expect(err).toContain('--server: ');
  });
});
