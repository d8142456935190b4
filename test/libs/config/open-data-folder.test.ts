import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderVersion, openDataFolder } from '../../../libs/config/open-data-folder.js';

describe('the data folder', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'heptad-test-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('is made with its parts and its version', async () => {
    const data = join(home, 'a', 'b');
    const places = await openDataFolder({ data });
    expect((await readdir(data)).sort()).toEqual([
      'artifacts',
      'engine',
      'keys',
      'logs',
      'packages',
      'scratch',
      'trust',
      'version',
    ]);
    expect(await readFile(places.version, 'utf8')).toBe(`${dataFolderVersion}\n`);
  });

  it('keeps keys from other users', async () => {
    const { keys } = await openDataFolder({ data: home });
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
  });

  it('is opened again as it is', async () => {
    const { artifacts } = await openDataFolder({ data: home });
    await writeFile(join(artifacts, 'kept'), 'bytes');
    await openDataFolder({ data: home });
    expect(await readFile(join(artifacts, 'kept'), 'utf8')).toBe('bytes');
  });

  it('is refused, and left alone, where a newer version wrote it', async () => {
    await writeFile(join(home, 'version'), `${dataFolderVersion + 1}\n`);
    await expect(openDataFolder({ data: home })).rejects.toMatchObject({ code: 'DataFolderNewer' });
    expect(await readdir(home)).toEqual(['version']);
  });

  it('is refused where its version cannot be read', async () => {
    await writeFile(join(home, 'version'), 'soon\n');
    await expect(openDataFolder({ data: home })).rejects.toMatchObject({ code: 'ConfigurationInvalid' });
  });

  it('is refused where a file is in its place', async () => {
    await writeFile(join(home, 'taken'), '');
    await expect(openDataFolder({ data: join(home, 'taken', 'data') })).rejects.toMatchObject({
      code: 'ConfigurationInvalid',
    });
  });
});
