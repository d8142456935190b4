import { join } from 'node:path';
import type { Config } from '../../../libs/config/config.js';
import { cacheItems, onPath, packageTools } from '../requirements.mjs';
import { provide } from './provide.js';
import { programsOf, unpackPackage } from './unpack-package.js';

/** Programs that tests compare our own code with: for each its package, which is also its name in the cache. */
const packages = { capnp: 'capnproto', fsverity: 'fsverity' } as const;

/**
 * Finds a program that tests compare with: on the PATH, in the cache, or in a package of Debian and its relatives,
 * which is unpacked into the cache and not installed.
 *
 * @returns its file; undefined where it is not on the PATH and the system has no such packages
 */
export async function provideTestTool(
  config: Pick<Config, 'cache'>,
  program: keyof typeof packages,
): Promise<string | undefined> {
  const found = onPath(program, process.env);
  if (found !== undefined) return found;
  if (packageTools.some((tool) => onPath(tool, process.env) === undefined)) return undefined;
  const name = packages[program];
  const folder = await provide({
    what: program,
    version: "the distribution's",
    folder: cacheItems(config.cache)[name],
    make: (fresh) => unpackPackage(fresh, name),
  });
  return join(programsOf(folder), program);
}
