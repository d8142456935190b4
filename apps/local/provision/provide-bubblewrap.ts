import { join } from 'node:path';
import type { Config } from '../../../libs/config/config.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { cacheItems, onPath } from '../requirements.mjs';
import { run } from '../setup/run.mjs';
import { step } from '../setup/step.mjs';
import { demand } from './demand.js';
import { provide } from './provide.js';
import { programsOf, unpackPackage } from './unpack-package.js';

/**
 * Finds bubblewrap: the one that is configured, on the PATH, in the cache, or in a package of Debian and its
 * relatives, which is unpacked into the cache and not installed.
 *
 * @returns the file of the `bwrap` program
 * @throws HeptadError `SetupIncomplete` there is none and no way to get it
 * @throws HeptadError `SandboxUnavailable` it does not run
 */
export async function provideBubblewrap(config: Pick<Config, 'cache' | 'bubblewrap'>): Promise<string> {
  const file = config.bubblewrap ?? onPath('bwrap', process.env) ?? (await fromCache(config.cache));
  const { code, stderr } = await run(file, ['--version'], { timeout: 20_000 });
  if (code !== 0)
    throw new HeptadError(
      'SandboxUnavailable',
      `${file} does not run: ${stderr.trim()}. Install the package bubblewrap, or name another one by HEPTAD_BUBBLEWRAP.`,
    );
  return file;
}

async function fromCache(cache: string): Promise<string> {
  const folder = await provide({
    what: 'bubblewrap',
    version: "the distribution's",
    folder: cacheItems(cache).bubblewrap,
    make: async (fresh) => {
      await demand(cache, ['bubblewrap']);
      return step("Fetching bubblewrap from the distribution's packages", () =>
        unpackPackage(fresh, 'bubblewrap'),
      );
    },
  });
  return join(programsOf(folder), 'bwrap');
}
