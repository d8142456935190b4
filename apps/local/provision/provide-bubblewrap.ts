import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../../../libs/config/config.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { cacheItems, onPath } from '../requirements.mjs';
import { mustRun, run } from '../setup/run.mjs';
import { step } from '../setup/step.mjs';
import { demand } from './demand.js';
import { provide } from './provide.js';

/** Where the program is in the package, and so in the cache. */
const program = join('usr', 'bin', 'bwrap');

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
      return step("Fetching bubblewrap from the distribution's packages", () => fetchBubblewrap(fresh));
    },
  });
  return join(folder, program);
}

async function fetchBubblewrap(folder: string): Promise<string> {
  const work = join(folder, 'work');
  const apt = await privateApt(work);
  const packages = join(work, 'packages');
  const unpacked = join(work, 'unpacked');
  const fetchPackage = async (name: string): Promise<string> => {
    const before = new Set(await readdir(packages));
    await mustRun('apt-get', [...apt, 'download', name], { cwd: packages });
    const file = (await readdir(packages)).find((entry) => !before.has(entry)) ?? '';
    await mustRun('dpkg-deb', ['-x', join(packages, file), unpacked]);
    return file;
  };
  await mkdir(packages);
  // An index of some other source that does not answer is no reason to stop: the download decides.
  await run('apt-get', [...apt, 'update']);
  const file = await fetchPackage('bubblewrap');
  if ((await run(join(unpacked, program), ['--version'])).code !== 0) {
    await fetchPackage('libcap2');
    await wrapWithLibraries(unpacked);
  }
  await mkdir(dirname(join(folder, program)), { recursive: true });
  for (const name of await readdir(dirname(join(unpacked, program))))
    await rename(join(dirname(join(unpacked, program)), name), join(dirname(join(folder, program)), name));
  await rm(work, { recursive: true });
  return `the package ${file}`;
}

/** Options by which apt keeps its lists and downloads to itself, and needs no right to change the system. */
async function privateApt(work: string): Promise<string[]> {
  const state = join(work, 'state');
  const cache = join(work, 'cache');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = {
    'Dir::State': state,
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': cache,
    // Root would have apt drop to a user that may not write here.
    'APT::Sandbox::User': 'root',
    'Debug::NoLocking': '1',
    'Acquire::Languages': 'none',
    'Acquire::http::Timeout': '30',
    'Acquire::https::Timeout': '30',
  };
  return ['--quiet', ...Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
}

/**
 * Puts the library that the system lacks beside the program, and a script in the program's place. The script names the
 * library to the loader and not in the environment, which programs in the sandbox would see.
 */
async function wrapWithLibraries(unpacked: string): Promise<void> {
  const folder = dirname(join(unpacked, program));
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => name.startsWith('libcap.so.')))
    await copyFile(join(entry.parentPath, entry.name), join(folder, entry.name));
  await rename(join(folder, 'bwrap'), join(folder, 'bwrap.bin'));
  const loader = process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';
  const lines = [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    `exec ${loader} --library-path "$here" "$here/bwrap.bin" "$@"`,
  ];
  await writeFile(join(folder, 'bwrap'), `${lines.join('\n')}\n`);
  await chmod(join(folder, 'bwrap'), 0o755);
}
