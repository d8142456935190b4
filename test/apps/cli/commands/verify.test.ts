import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { packageReportSchema } from '../../../../libs/contracts/package-check.js';
import { keyListText } from '../../../../libs/crypto/key-list.js';
import { type GenuineRun, genuineRun } from '../../../support/genuine-package/genuine-run.js';
import { type Ended, heptad } from '../../../support/heptad.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

/** The histories of the package do not replay: they are made by hand, with a bundle that is none. */
describe('heptad verify', () => {
  let folder: string;
  let run: GenuineRun;
  let keys: string;
  const verify = (...args: string[]): Promise<Ended> =>
    heptad(['verify', run.folder, '--no-replay', ...args], {
      // Settings that no other command takes: this one reads none.
      env: { HEPTAD_CONFIG: join(folder, 'config'), HEPTAD_API_HOST: 'not loopback' },
      cwd: folder,
    });

  beforeEach(async () => {
    folder = await temporaryFolder();
    run = await genuineRun();
    keys = join(folder, 'keys.json');
    await writeFile(keys, keyListText(run.pinned));
  });

  it('ends with 0 where all is proven, part by part, and says so last', async () => {
    const { code, out, err } = await verify('--key', keys);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Package\n {2}proven/m);
    expect(out.trim().split('\n').at(-1)).toMatch(/^Package, seal and origin are proven\./);
  });

  it('ends with 1 where the origin is unknown, and with 0 for who is content with that', async () => {
    expect(await verify()).toMatchObject({ code: 1, out: expect.stringContaining('origin is unknown') });
    expect(await verify('--allow-unknown-key')).toMatchObject({ code: 0 });
  });

  it('ends with 1 and names the check where it is not of the run that was expected', async () => {
    const { code, out } = await verify('--key', keys, '--expect-run', 'another', '--json');
    const report = packageReportSchema.parse(JSON.parse(out));
    expect([code, report.proven]).toEqual([1, false]);
    expect(report.checks.filter(({ state }) => state === 'failed').map(({ check }) => check)).toEqual([
      'expected-run',
    ]);
  });

  it('ends with 2 where a key is none, and where an archive cannot be decrypted', async () => {
    expect(await verify('--key', 'nothing.json')).toMatchObject({ code: 2 });
    const encrypted = join(folder, 'package.tar.age');
    await writeFile(encrypted, 'age');
    expect(await heptad(['verify', encrypted], { cwd: folder })).toMatchObject({
      code: 2,
      err: expect.stringContaining('--identity'),
    });
  });
});
