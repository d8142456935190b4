import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateJsonSchema } from '../../../../libs/templates/schema/template-json-schema.js';
import { TestApi } from '../../../support/api.js';
import { engineServer } from '../../../support/engine.js';
import { heptad } from '../../../support/heptad.js';

let folder: string;
let sound: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-cli-'));
  sound = await readFile('test/libs/templates/bad-templates/sound.yaml', 'utf8');
  await writeFile(join(folder, 'sound.yaml'), sound);
  await copyFile('libs/templates/demo/code-survey.yaml', join(folder, 'survey.yaml'));
  await writeFile(join(folder, 'bad.yaml'), sound.replace('fallback: guess', 'fallback: gues'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('heptad templates, without a service,', () => {
  const call = (...args: string[]) =>
    heptad(['--server', 'http://127.0.0.1:1', 'templates', ...args], { cwd: folder });

  test('validates a file, and tells problems and warnings as compilers do', async () => {
    expect(await call('validate', 'sound.yaml')).toEqual({
      code: 0,
      out: 'sample@1.0.0 is valid.\n',
      err: '',
    });
    const bad = await call('validate', 'bad.yaml');
    expect(bad.code).toBe(1);
    expect(bad.out).toBe(
      'bad.yaml:28:15: There is no item "gues"; did you mean "guess"?\nbad.yaml is no template that can be used.\n',
    );
    const { code, out } = await call('validate', 'bad.yaml', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      1,
      { valid: false, problems: [{ line: 28, column: 15 }], warnings: [] },
    ]);
    await writeFile(join(folder, 'warned.yaml'), sound.replace('research: {', 'lost: {}\n  research: {'));
    const warned = await call('validate', 'warned.yaml');
    expect(warned.code).toBe(0);
    expect(warned.out).toMatch(/^warned\.yaml:15:9: warning: No item has the category "lost"/);
    expect((await call('validate', 'nothing.yaml')).code).toBe(2);
  });

  test('prints the schema, analyses a file and draws it', async () => {
    expect(JSON.parse((await call('schema')).out)).toEqual(JSON.parse(JSON.stringify(templateJsonSchema())));
    const analysed = await call('analyze', 'survey.yaml');
    expect(analysed.code).toBe(0);
    expect(analysed.out).toMatch(/^Longest chain: code -> infrastructure -> consolidation$/m);
    expect(analysed.out).toMatch(/^Expected one after the other: /m);
    expect(JSON.parse((await call('analyze', './survey.yaml', '--json')).out).lanes).toBe(2);
    expect((await call('graph', 'sound.yaml')).out).toContain('</svg>');
    expect((await call('graph', 'sound.yaml', '--output', 'sound.svg')).out).toBe(
      'sample@1.0.0 is drawn in sound.svg.\n',
    );
    expect(await readFile(join(folder, 'sound.svg'), 'utf8')).toContain('</svg>');
    expect((await call('analyze', 'bad.yaml')).err).toContain(
      '28:15 /items/0/fallback: There is no item "gues"',
    );
  });
});

describe('heptad templates, with the service,', () => {
  let environment: TestWorkflowEnvironment;
  let api: TestApi;
  beforeAll(async () => {
    environment = await engineServer();
    api = await TestApi.start(environment);
  });
  afterAll(async () => {
    await api?.remove();
    await environment?.teardown();
  });
  const call = (...args: string[]) => heptad(['--server', api.url, 'templates', ...args], { cwd: folder });

  test('registers, shows, archives and lists templates', async () => {
    expect((await call('create', 'sound.yaml')).out).toBe('sample@1.0.0 is registered.\n');
    const again = await call('create', 'sound.yaml');
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('[TemplateExists]')]);
    const refused = await call('create', 'bad.yaml');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('28:15')]);
    await writeFile(join(folder, 'next.yaml'), sound.replace('version: 1.0.0', 'version: 1.1.0'));
    expect((await call('version', 'next.yaml')).out).toBe('sample@1.1.0 is registered.\n');
    expect((await call('show', 'sample')).out).toMatch(
      /^high +analysis +agent +risk +risk\.confidence > 0\.8/m,
    );
    expect((await call('seed')).out).toMatch(/^code-survey +1\.0\.0/m);
    const listed = await call();
    expect(listed.out).toMatch(/^repository-review +2\.0\.0/m);
    expect(listed.out).toMatch(/^sample +1\.1\.0 +Sample$/m);
    expect((await call('archive', 'sample@1.1.0')).out).toMatch(/^sample +1\.1\.0 \(archived\)/m);
    expect((await call('--search', 'sample')).out).toMatch(/^sample +1\.0\.0/m);
    await call('archive', 'sample');
    expect(JSON.parse((await call('list', '--search', 'sample', '--json')).out)).toEqual({ templates: [] });
    expect((await call('list', '--archived')).out).toMatch(/^sample/m);
    expect((await call('unarchive', 'sample')).out).toMatch(/^sample +1\.1\.0 +Sample$/m);
    expect((await call('analyze', 'code-survey')).out).toContain(
      'Longest chain: code -> infrastructure -> consolidation',
    );
    expect((await call('graph', 'code-survey@1.0.0')).out).toContain('if code.totals.all');
  });
});
