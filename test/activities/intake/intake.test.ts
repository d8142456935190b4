import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntakeActivities } from '../../../activities/intake/index.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import type { IntakeActivities } from '../../../libs/contracts/activities.js';
import { acceptedRequestSchema } from '../../../libs/contracts/phase.js';
import { parsedRequestSchema, type StartRun } from '../../../libs/contracts/request.js';
import { templateSchema } from '../../../libs/contracts/template.js';

let folder: string;
let store: ArtifactStore;
let intake: IntakeActivities;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-intake-'));
  store = openStore(join(folder, 'store'));
  intake = createIntakeActivities({
    store,
    scratch: join(folder, 'scratch'),
    roots: [join(folder, 'subjects')],
    deliveryRoots: [],
  });
  await mkdir(join(folder, 'subjects/sample/lib'), { recursive: true });
  await writeFile(join(folder, 'subjects/sample/package.json'), '{"name":"sample"}');
  await writeFile(join(folder, 'subjects/sample/lib/index.js'), 'module.exports = 1;\n');
});

/** An activity's environment that logs no failure: failures are what these tests are about. */
const quiet = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

type Captured = Awaited<ReturnType<IntakeActivities['captureSubject']>>;

afterEach(() => rm(folder, { recursive: true, force: true }));

const parse = async (body: StartRun) =>
  intake.parseRequest({ run: 'r', tenant: 'local', request: await store.putJson(body), waiverWindowMs: 0 });

const capture = (parsed: Awaited<ReturnType<typeof parse>>['parsed']) =>
  quiet().run<[], Captured, () => Promise<Captured>>(() =>
    intake.captureSubject({ run: 'r', parsed, source: 'local' }),
  );

describe('the activities of ingest', () => {
  it('parse, check, capture, classify and route a request', async () => {
    const subject = join(folder, 'subjects/sample');
    const { parsed, checks, source } = await parse({ request: `review "${subject}" and fix it` });
    expect(source).toBe('local');
    const { captured } = await capture(parsed);
    const { outcome, summary } = await intake.acceptRequest({ parsed, checks, captured });

    const accepted = await store.getJson(outcome.digest, acceptedRequestSchema);
    expect(accepted.request.template).toMatchObject({ name: 'repository-review', version: '2.0.0' });
    expect(accepted.captured).toMatchObject({
      subject: { kind: 'directory', path: subject },
      snapshot: { files: 2, bytes: 37 },
    });
    expect(accepted.classification).toMatchObject({
      category: 'technical',
      complexity: 'complex',
      agents: 9,
      layers: ['executive', 'stack-chief', 'specialist', 'micro'],
    });
    expect(accepted.checks.map(({ check }) => check)).toContain('roots');
    expect(summary).toBe(
      `${subject}: 2 files, 37 bytes; technical, complex (9 agents); to executive, stack-chief, specialist, micro`,
    );
  });

  it('store the template under the digest that the request names', async () => {
    const { parsed } = await parse({ template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } });
    const { template } = await store.getJson(parsed.digest, parsedRequestSchema);
    expect((await store.getJson(template.digest, templateSchema)).name).toBe('repository-review');
  });

  it('give the same artifacts when they are done again', async () => {
    const body = { request: `check "${join(folder, 'subjects/sample')}"` };
    const [first, second] = [await parse(body), await parse(body)];
    expect(second).toEqual(first);
    expect(await capture(second.parsed)).toEqual(await capture(first.parsed));
  });

  it('refuse what was not understood, and what lies outside the roots', async () => {
    await expect(parse({ request: 'sing a song' })).rejects.toMatchObject({ code: 'RequestNotUnderstood' });
    await expect(parse({ request: 'check "/etc"' })).rejects.toMatchObject({ code: 'SubjectNotAllowed' });
  });

  it('leave no temporary folder, also when the subject is gone', async () => {
    const { parsed } = await parse({ request: `check "${join(folder, 'subjects/sample')}"` });
    await rm(join(folder, 'subjects/sample'), { recursive: true });
    await expect(capture(parsed)).rejects.toMatchObject({ code: 'SubjectUnknown' });
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });
});
