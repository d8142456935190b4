import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createIntakeActivities } from '../../../../activities/intake/index.js';
import type { ArtifactStore } from '../../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { readSnapshot } from '../../../../libs/artifacts/snapshot/read-snapshot.js';
import { digestOfState } from '../../../../libs/continuation/state.js';
import { type AcceptedRequest, acceptedRequestSchema } from '../../../../libs/contracts/phase.js';
import type { StartRun } from '../../../../libs/contracts/request.js';
import type { Resumption } from '../../../../libs/contracts/resumption.js';
import { findTemplate } from '../../../../libs/templates/load.js';
import { archiveTemplate } from '../../../../libs/templates/registry/archive-template.js';
import { writeTemplate } from '../../../../libs/templates/registry/register-template.js';
import type { Registry } from '../../../../libs/templates/registry/registered-template.js';
import { acceptAgain } from '../../../../libs/verification/re-execution/accepted.js';
import type { CleanRoom } from '../../../../libs/verification/re-execution/clean-room.js';
import { acceptedByA, cleanRoom, failuresAgain } from '../../../support/clean-room.js';
import { inActivity } from '../../../support/in-activity.js';
import { trustIn } from '../../../support/signers.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { serveRegistry, useRegistry } from '../../subjects/registry.js';

interface Ingested {
  readonly folder: string;
  readonly subjects: string;
  readonly accepted: AcceptedRequest;
  readonly room: CleanRoom;
  readonly store: ArtifactStore;
  /** What is staged for another request, on the same store. */
  readonly again: (body: StartRun) => Promise<Ingested>;
  readonly judged: (accepted: unknown) => Promise<Parameters<typeof acceptAgain>[0]>;
}

/** What the activities of ingest stage for a request on a folder, or on what the request names. */
async function ingested(
  body?: (subject: string) => StartRun,
  before: (store: ArtifactStore) => Promise<unknown> = async () => {},
): Promise<Ingested> {
  const folder = await temporaryFolder();
  const subjects = join(folder, 'subjects');
  await mkdir(join(subjects, 'sample'), { recursive: true });
  await writeFile(join(subjects, 'sample/package.json'), '{"name":"sample","scripts":{"test":"node t.js"}}');
  await symlink('sample', join(subjects, 'link'));
  const subject = join(subjects, 'sample');
  return await ingestedIn(
    folder,
    subjects,
    body?.(subject) ?? { template: 'repository-review', input: { subject } },
    before,
  );
}

async function ingestedIn(
  folder: string,
  subjects: string,
  body: StartRun,
  before: (store: ArtifactStore) => Promise<unknown> = async () => {},
): Promise<Ingested> {
  const store = openStore(join(folder, 'artifacts'));
  await before(store);
  const intake = createIntakeActivities({
    store,
    scratch: join(folder, 'producer'),
    roots: [subjects],
    deliveryRoots: [],
  });
  const request = await store.putJson(body);
  const { parsed, checks, source } = await intake.parseRequest({
    run: 'r',
    tenant: 'local',
    request,
    waiverWindowMs: 0,
  });
  const { captured } = await inActivity(() => intake.captureSubject({ run: 'r', parsed, source }));
  const { outcome } = await intake.acceptRequest({ parsed, checks, captured });
  return {
    folder,
    subjects,
    store,
    again: (other) => ingestedIn(folder, subjects, other),
    accepted: await store.getJson(outcome.digest, acceptedRequestSchema),
    room: await cleanRoom(folder, { roots: [subjects] }),
    judged: async (accepted) => ({
      run: 'r',
      phase: 'ingest',
      round: 1,
      pass: 'B',
      input: { request },
      output: await store.putJson(accepted),
      store,
      trust: async () => trustIn(),
      verified: new Set(),
    }),
  };
}

/** What pass B finds of a changed output, and whether pass A alone accepts it. */
async function found({ accepted, judged, room }: Ingested, change: (accepted: AcceptedRequest) => unknown) {
  const forged = await judged(change(structuredClone(accepted)));
  const byB = await failuresAgain(acceptAgain, forged, room);
  expect(await readdir(room.scratch)).toEqual([]);
  return { byA: await acceptedByA(forged), byB };
}

const same = (accepted: AcceptedRequest): AcceptedRequest => accepted;
const sound = { byA: true, byB: {} };

describe('a request on a folder', () => {
  test('that was accepted as it was made is accepted again', async () => {
    expect(await found(await ingested(), same)).toEqual(sound);
  });

  test('that was a sentence is accepted again', async () => {
    const made = await ingested((subject) => ({ request: `review "${subject}"` }));
    expect(await found(made, same)).toEqual(sound);
  });

  test('by a template of somebody is accepted again, also when that is archived and has another version', async () => {
    const { template } = findTemplate('repository-review');
    const own = (version: string) => ({ ...template, name: 'own', version });
    let registry: Registry | undefined;
    const made = await ingested(
      (subject) => ({ template: 'own', input: { subject } }),
      async (store) => {
        registry = { store, tenant: 'local' };
        await writeTemplate(registry, own('1.0.0'));
      },
    );
    if (!registry) throw new Error('Nothing was registered.');
    await writeTemplate(registry, own('2.0.0'));
    await archiveTemplate(registry, 'own', '1.0.0');
    expect(made.accepted.request.template.version).toBe('1.0.0');
    expect(await found(made, same)).toEqual(sound);
    const { byB } = await found(made, ({ request, ...accepted }) => ({
      ...accepted,
      request: { ...request, template: { ...request.template, version: '2.0.0' } },
    }));
    expect(byB['same-outcome']).toContain('/request/template/version');
  });

  test('that was named by a link is accepted again', async () => {
    const made = await ingested((subject) => ({
      template: 'repository-review',
      input: { subject: subject.replace(/sample$/, 'link') },
    }));
    expect(made.accepted.request.subject).toEqual({ kind: 'directory', path: join(made.subjects, 'sample') });
    expect(await found(made, same)).toEqual(sound);
  });

  test('which its owner has edited since is accepted again', async () => {
    const made = await ingested();
    await writeFile(join(made.subjects, 'sample/new.js'), '1;\n');
    expect(await found(made, same)).toEqual(sound);
  });

  test('which is gone since is accepted again, by the path that was asked for', async () => {
    const made = await ingested();
    await rm(join(made.subjects, 'sample'), { recursive: true });
    expect(await found(made, same)).toEqual(sound);
  });

  test('of which a security check was made up is rejected, though pass A accepts it', async () => {
    const { byA, byB } = await found(await ingested(), (accepted) => ({
      ...accepted,
      checks: [...accepted.checks, { check: 'viruses', says: 'None.' }],
    }));
    expect(byA).toBe(true);
    expect(Object.keys(byB)).toEqual(['same-outcome']);
    expect(byB['same-outcome']).toContain('"viruses","says":"None."}, then absent');
  });

  test('that was routed otherwise than the rules say is rejected, though pass A accepts it', async () => {
    const { byA, byB } = await found(await ingested(), (accepted) => ({
      ...accepted,
      classification: { ...accepted.classification, layers: ['cecca'] },
    }));
    expect(byA).toBe(true);
    expect(byB['same-outcome']).toContain('/classification/layers/0: "cecca", then');
  });

  test('for which another folder was captured is rejected, though pass A accepts it', async () => {
    const made = await ingested();
    await mkdir(join(made.subjects, 'other'));
    const subject = { kind: 'directory', path: join(made.subjects, 'other') };
    const { byA, byB } = await found(made, (accepted) => ({
      ...accepted,
      request: { ...accepted.request, subject },
      captured: { ...accepted.captured, subject, title: subject.path },
    }));
    expect(byA).toBe(true);
    expect(byB['same-outcome']).toContain('/request/subject/path');
  });

  test('that is gone, and was captured under another path, is rejected', async () => {
    const made = await ingested((subject) => ({
      template: 'repository-review',
      input: { subject: subject.replace(/sample$/, 'link') },
    }));
    await rename(join(made.subjects, 'sample'), join(made.folder, 'elsewhere'));
    const { byB } = await found(made, same);
    expect(byB['request-again']).toContain('it cannot be seen that it stood for');
  });

  test('that is not below a folder for subjects is rejected', async () => {
    const made = await ingested();
    const { byB } = await found({ ...made, room: { ...made.room, roots: [] } }, same);
    expect(byB['request-again']).toContain('names no folder for subjects');
  });
});

describe('a text', () => {
  const asking = () => ({
    template: 'repository-review',
    input: { subject: 'text:Say how to install it.\r\n\r\n- with npm\r\n' },
  });
  const withFile = async (made: Ingested, text: string) => {
    const { store } = await made.judged({});
    const { digest: file, size } = await store.put(text, 'application/octet-stream');
    const entries = [{ kind: 'file', path: 'request.md', executable: false, size, digest: file }];
    const { digest } = await store.putJson({ version: 1, entries });
    return (accepted: AcceptedRequest) => ({
      ...accepted,
      captured: { ...accepted.captured, snapshot: { digest, files: 1, bytes: size } },
    });
  };

  test('is captured again from the request, and accepted', async () => {
    const made = await ingested(asking);
    expect(made.accepted.captured.title).toBe('text:Say how to install it.');
    expect(await found(made, same)).toEqual(sound);
    expect(await readdir(made.room.scratch)).toEqual([]);
  });

  test('of which one character was captured otherwise is rejected, though pass A accepts it', async () => {
    const made = await ingested(asking);
    const original = 'Say how to install it.\n\n- with npm\n';
    expect(await found(made, await withFile(made, original))).toEqual(sound);
    const { byA, byB } = await found(made, await withFile(made, original.replace('npm', 'Npm')));
    expect(byA).toBe(true);
    expect(byB['same-outcome']).toContain('/captured/snapshot/digest');
  });

  test('that stands for a request of other words is rejected', async () => {
    const made = await ingested(asking);
    const subject = { kind: 'text', text: 'Say nothing.' };
    const { byB } = await found(made, (accepted) => ({
      ...accepted,
      request: { ...accepted.request, subject },
      captured: { ...accepted.captured, subject },
    }));
    expect(byB['same-outcome']).toContain('/request/subject/text');
  });
});

describe('a package', () => {
  const npm = (spec: string) => () => ({ template: 'repository-review', input: { subject: `npm:${spec}` } });
  const published = [
    { name: 'thing', version: '1.0.0', files: { 'a.js': '1;' } },
    { name: 'thing', version: '1.2.0', files: { 'a.js': '2;' } },
    { name: 'thing', version: '2.0.0', files: { 'a.js': '3;' } },
  ];

  test('is fetched again, with a cache of the verifier, and accepted', async () => {
    const { requests } = await serveRegistry(published);
    const made = await ingested(npm('thing@1.0.0'));
    requests.clear();
    expect(await found(made, same)).toEqual(sound);
    expect(requests.get('thing/-/thing-1.0.0.tgz')).toBe(1);
    expect(await readdir(made.room.cache)).toEqual(['npm']);
  });

  test('that was named by a range or a tag is accepted', async () => {
    await serveRegistry(published);
    const ranged = await ingested(npm('thing@^1.0.0'));
    expect(ranged.accepted.captured.title).toBe('npm:thing@1.2.0');
    expect(await found(ranged, same)).toEqual(sound);
    expect(await found(await ingested(npm('thing@latest')), same)).toEqual(sound);
  });

  test('of a version that the range does not cover is rejected, though pass A accepts it', async () => {
    await serveRegistry(published);
    const outside = await ingested(npm('thing@2.0.0'));
    const made = await ingested(npm('thing@^1.0.0'));
    const judged = async (accepted: unknown) => {
      const own = await made.judged(accepted);
      return {
        ...own,
        store: (await outside.judged({})).store,
        output: (await outside.judged(accepted)).output,
      };
    };
    const ranged = { ...made, judged: async (accepted: unknown) => await judged(accepted) };
    await (await outside.judged({})).store.putJson({
      template: 'repository-review',
      input: { subject: 'npm:thing@^1.0.0' },
    });
    const { byA, byB } = await found(ranged, (accepted) => ({
      ...accepted,
      captured: outside.accepted.captured,
    }));
    expect(byA).toBe(true);
    expect(byB['captured-again']).toContain('^1.0.0 does not cover the version 2.0.0');
  });

  test('whose captured files are not those that the registry has is rejected, though pass A accepts it', async () => {
    await serveRegistry(published);
    const made = await ingested(npm('thing@1.0.0'));
    const { store } = await made.judged({});
    const file = await store.put('9;', 'application/octet-stream');
    const entries = [{ kind: 'file', path: 'a.js', executable: false, size: file.size, digest: file.digest }];
    const { digest } = await store.putJson({ version: 1, entries });
    const { byA, byB } = await found(made, (accepted) => ({
      ...accepted,
      captured: { ...accepted.captured, snapshot: { digest, files: 1, bytes: 2 } },
    }));
    expect(byA).toBe(true);
    expect(byB['same-outcome']).toContain('/captured/snapshot/digest');
  });

  test('that the registry does not have is rejected', async () => {
    await serveRegistry(published);
    const made = await ingested(npm('thing@1.0.0'));
    await serveRegistry(published.slice(1));
    const { byB } = await found(made, same);
    expect(byB['captured-again']).toContain('npm');
  });

  test('is no reason for a verdict while the registry cannot be reached', async () => {
    await serveRegistry(published);
    const made = await ingested(npm('thing@1.0.0'));
    useRegistry('http://127.0.0.1:9');
    await expect(found(made, same)).rejects.toMatchObject({ code: 'DependencyUnreachable' });
    expect(await readdir(made.room.scratch)).toEqual([]);
  });
});

describe('a request that goes on from an earlier run', () => {
  /** Goes on from a run on a folder that is gone since. */
  async function resumed(change: (resumption: Resumption) => Resumption = (one) => one): Promise<Ingested> {
    const first = await ingested();
    const { accepted, store } = first;
    const { captured, request } = accepted;
    const state = { workspace: captured.snapshot.digest, results: [] };
    const resumption: Resumption = {
      ...{ kind: 'resumption', version: 1, how: 'rollback', run: 'earlier', origin: 'earlier' },
      ...{ template: request.template.digest, point: 'subject', item: null, discoveries: [] },
      ...{ captured, ...state, state: digestOfState(state) },
    };
    const { digest: resume } = await store.putJson(change(resumption));
    await rm(join(first.subjects, 'sample'), { recursive: true });
    const body: StartRun = { template: 'repository-review', input: request.input, resume };
    return await first.again(body);
  }

  test('is accepted again, without its folder', async () => {
    const made = await resumed();
    expect(made.accepted.checks.map(({ check }) => check)).toContain('state-whole');
    expect(await found(made, same)).toEqual(sound);
  });

  test('is rejected where another workspace is said to be captured', async () => {
    const { byA, byB } = await found(await resumed(), (accepted) => ({
      ...accepted,
      captured: { ...accepted.captured, title: 'another' },
    }));
    expect([byA, Object.keys(byB)]).toEqual([false, ['same-outcome']]);
  });

  test('is rejected where bytes that the state names are gone since', async () => {
    const made = await resumed();
    const { entries } = await readSnapshot(made.store, made.accepted.captured.snapshot);
    const [file] = entries.filter((entry) => entry.kind === 'file');
    await made.store.remove(file?.digest ?? `sha256:${'0'.repeat(64)}`, new Date(Date.now() + 1000));
    const { byA, byB } = await found(made, same);
    expect([byA, Object.keys(byB)]).toEqual([false, ['captured-again']]);
  });

  test('is refused where the state is another than its digest says', async () => {
    const refused = resumed((one) => ({ ...one, workspace: null }));
    await expect(refused).rejects.toMatchObject({ code: 'EvidenceInvalid' });
  });

  test('is refused where the template has become another one under its name', async () => {
    const refused = resumed((one) => ({ ...one, template: `sha256:${'0'.repeat(64)}` }));
    await expect(refused).rejects.toMatchObject({ code: 'TemplateUnknown' });
  });
});
