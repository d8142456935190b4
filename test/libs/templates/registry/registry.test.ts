import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import type { Template } from '../../../../libs/contracts/template.js';
import { templateDigest } from '../../../../libs/templates/load.js';
import { archiveTemplate, unarchiveTemplate } from '../../../../libs/templates/registry/archive-template.js';
import { findRegistered, findStartable } from '../../../../libs/templates/registry/find-registered.js';
import { everyVersion, listTemplates } from '../../../../libs/templates/registry/list-templates.js';
import { pinnedTemplate, pinTemplate } from '../../../../libs/templates/registry/pin-template.js';
import {
  checkNewName,
  checkNewVersion,
  writeTemplate,
} from '../../../../libs/templates/registry/register-template.js';
import type { Registry } from '../../../../libs/templates/registry/registered-template.js';
import { seedTemplates } from '../../../../libs/templates/registry/seed-templates.js';
import { validateTemplate } from '../../../../libs/templates/validate-template.js';

let folder: string;
let registry: Registry;
let sample: Template;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heptad-templates-'));
  registry = { store: openStore(folder), tenant: 'local' };
  const { template } = validateTemplate(
    await readFile('test/libs/templates/bad-templates/sound.yaml', 'utf8'),
  );
  if (!template) throw new Error('It is not sound.');
  sample = template;
});

afterEach(() => rm(folder, { recursive: true }));

const at = (version: string, more: Partial<Template> = {}): Template => ({ ...sample, version, ...more });
const namesOf = async (filter: Parameters<typeof listTemplates>[1]) =>
  (await listTemplates(registry, filter)).map(({ name, version }) => `${name}@${version}`);

describe('the registry of templates', () => {
  test('finds what was registered by name, version and digest, and the newest version by its name', async () => {
    await writeTemplate(registry, at('1.9.0'));
    await writeTemplate(registry, at('1.10.0'));
    expect((await findRegistered(registry, 'sample')).template.version).toBe('1.10.0');
    expect((await findRegistered(registry, 'sample@1.9.0')).template).toEqual(at('1.9.0'));
    expect((await findRegistered(registry, templateDigest(at('1.9.0')))).template).toEqual(at('1.9.0'));
    expect((await findRegistered(registry, 'repository-review')).listed.origin).toBe('shipped');
  });

  test.each(['other', 'sample@2.0.0', '../sample', `sha256:${'0'.repeat(64)}`, 'toString'])(
    'says of %s that there is none, and which there are',
    async (reference) => {
      await writeTemplate(registry, sample);
      await expect(findRegistered(registry, reference)).rejects.toMatchObject({
        code: 'TemplateUnknown',
        message: expect.stringContaining('sample@1.0.0'),
      });
    },
  );

  test('never changes what a name and version mean, also where two write at once', async () => {
    const contents = ['one', 'other', 'third'].map((title) => at('1.0.0', { title }));
    const written = await Promise.allSettled(contents.map((template) => writeTemplate(registry, template)));
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { template } = await findRegistered(registry, 'sample');
    for (const other of contents.filter(({ title }) => title !== template.title))
      await expect(writeTemplate(registry, other)).rejects.toMatchObject({ code: 'TemplateExists' });
    expect(await writeTemplate(registry, template)).toMatchObject({ digest: templateDigest(template) });
  });

  test('refuses a name that is taken, and a version that is not higher than all', async () => {
    await writeTemplate(registry, at('1.10.0'));
    await expect(checkNewName(registry, at('2.0.0'))).rejects.toMatchObject({ code: 'TemplateExists' });
    for (const version of ['1.9.9', '1.10.0'])
      await expect(checkNewVersion(registry, at(version))).rejects.toMatchObject({ code: 'TemplateExists' });
    await checkNewVersion(registry, at('1.10.1'));
    const shipped = at('9.0.0', { name: 'repository-review' });
    for (const check of [checkNewName, checkNewVersion])
      await expect(check(registry, shipped)).rejects.toMatchObject({ code: 'TemplateExists' });
    await expect(checkNewVersion(registry, at('1.0.0', { name: 'other' }))).rejects.toMatchObject({
      code: 'TemplateUnknown',
    });
  });

  test('lists by words, tag, category and whether it is archived', async () => {
    await writeTemplate(registry, at('1.0.0'));
    await writeTemplate(registry, at('1.0.0', { name: 'other', tags: ['rare'], title: 'Something else' }));
    expect(await namesOf({})).toEqual(
      expect.arrayContaining(['other@1.0.0', 'repository-review@2.0.0', 'sample@1.0.0']),
    );
    expect(await namesOf({ search: 'ELSE something' })).toEqual(['other@1.0.0']);
    expect(await namesOf({ search: 'else nothing' })).toEqual([]);
    expect(await namesOf({ tag: 'rare' })).toEqual(['other@1.0.0']);
    expect(await namesOf({ category: 'research' })).toEqual(['other@1.0.0', 'sample@1.0.0']);
    await archiveTemplate(registry, 'other', undefined);
    expect(await namesOf({ category: 'research', archived: false })).toEqual(['sample@1.0.0']);
    expect(await namesOf({ archived: true })).toEqual(['other@1.0.0']);
  });

  test('starts nothing from what is archived, and still shows it', async () => {
    await writeTemplate(registry, at('1.0.0'));
    await writeTemplate(registry, at('1.1.0'));
    await archiveTemplate(registry, 'sample', '1.1.0');
    expect((await findStartable(registry, 'sample')).template.version).toBe('1.0.0');
    await expect(findStartable(registry, 'sample@1.1.0')).rejects.toMatchObject({ code: 'TemplateArchived' });
    expect((await findRegistered(registry, 'sample@1.1.0')).template.version).toBe('1.1.0');
    await archiveTemplate(registry, 'sample', undefined);
    await expect(findStartable(registry, 'sample')).rejects.toMatchObject({ code: 'TemplateArchived' });
    const taken = await unarchiveTemplate(registry, 'sample', '1.0.0');
    expect(taken.map(({ version, archived }) => [version, archived])).toEqual([
      ['1.1.0', true],
      ['1.0.0', false],
    ]);
    await unarchiveTemplate(registry, 'sample', undefined);
    expect((await findStartable(registry, 'sample')).template.version).toBe('1.1.0');
    await expect(archiveTemplate(registry, 'sample', '7.0.0')).rejects.toMatchObject({
      code: 'TemplateUnknown',
    });
  });

  test('keeps the templates of tenants apart', async () => {
    await writeTemplate(registry, sample);
    const other = { ...registry, tenant: 'other' };
    await expect(findRegistered(other, 'sample')).rejects.toMatchObject({ code: 'TemplateUnknown' });
    await expect(findRegistered(other, templateDigest(sample))).rejects.toMatchObject({
      code: 'TemplateUnknown',
    });
    await writeTemplate(other, at('1.0.0', { title: 'Another one' }));
    expect((await findRegistered(registry, 'sample')).template.title).toBe('Sample');
    expect((await everyVersion(other, 'repository-review')).length).toBeGreaterThan(0);
  });

  test('has two demo templates more once it was seeded, however often', async () => {
    const seeded = await seedTemplates(registry);
    expect(seeded.map(({ name }) => name)).toEqual(['architecture-map', 'code-survey']);
    expect(await seedTemplates(registry)).toEqual(seeded);
    expect(
      (await findStartable(registry, 'code-survey')).template.items.map(({ condition }) => condition),
    ).toContain('code.totals.all > 20');
  });

  test('binds a run to one version, whatever is registered or archived later', async () => {
    const asked = { run: 'r1', request: templateDigest(sample) };
    await writeTemplate(registry, at('1.0.0'));
    const first = await pinTemplate(registry, asked, 'sample');
    await writeTemplate(registry, at('2.0.0'));
    await archiveTemplate(registry, 'sample', '1.0.0');
    expect(await pinTemplate(registry, asked, 'sample')).toEqual(first);
    expect((await pinnedTemplate(registry.store, asked, 'sample'))?.template.version).toBe('1.0.0');
    expect((await pinTemplate(registry, { ...asked, run: 'r2' }, 'sample')).template.version).toBe('2.0.0');
    await archiveTemplate(registry, 'sample', undefined);
    expect(await pinTemplate(registry, asked, 'sample')).toEqual(first);
    await expect(pinTemplate(registry, { ...asked, run: 'r3' }, 'sample')).rejects.toMatchObject({
      code: 'TemplateArchived',
    });
    await expect(pinnedTemplate(registry.store, asked, 'other')).rejects.toMatchObject({
      code: 'InputInvalid',
    });
  });
});
