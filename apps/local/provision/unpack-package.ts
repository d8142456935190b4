import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, run } from '../setup/run.mjs';

/** Where the programs are below the folder. */
export const programsOf = (folder: string): string => join(folder, 'usr', 'bin');

/**
 * Puts the programs of a package of Debian or a relative into a folder, with the libraries that the system lacks.
 * Nothing is installed, and no right to install is needed.
 *
 * @returns where they came from
 */
export async function unpackPackage(folder: string, name: string): Promise<string> {
  const work = join(folder, 'work');
  const unpacked = join(work, 'unpacked');
  const archives = join(work, 'cache', 'archives');
  const apt = await privateApt(work);
  // An index of some other source that does not answer is no reason to stop: the download decides.
  await run('apt-get', [...apt, 'update']);
  const only = ['--download-only', '--no-install-recommends', '--reinstall', '--yes'];
  const { code } = await run('apt-get', [...apt, ...only, 'install', name]);
  // Where the packages of the system do not fit each other, none can be added; what it has may be enough to run this.
  if (code !== 0) await mustRun('apt-get', [...apt, 'download', name], { cwd: archives });
  const packages = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
  for (const file of packages) await mustRun('dpkg-deb', ['-x', join(archives, file), unpacked]);
  await mkdir(join(folder, 'usr'));
  await rename(programsOf(unpacked), programsOf(folder));
  await wrapWithLibraries(join(folder, 'usr'), unpacked);
  await rm(work, { recursive: true });
  return `the package ${packages.find((file) => file.startsWith(`${name}_`))}`;
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
 * Puts the libraries that were unpacked into `lib`, and a script in each program's place. It names them to the loader
 * and not in the environment, which programs that it starts would see.
 */
async function wrapWithLibraries(usr: string, unpacked: string): Promise<void> {
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const libraries = entries.filter((entry) => !entry.isDirectory() && /\.so(\.|$)/.test(entry.name));
  if (libraries.length === 0) return;
  await mkdir(join(usr, 'lib'));
  for (const { parentPath, name } of libraries)
    await copyFile(join(parentPath, name), join(usr, 'lib', name));
  const loader = process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';
  await rename(join(usr, 'bin'), join(usr, 'programs'));
  await mkdir(join(usr, 'bin'));
  for (const name of await readdir(join(usr, 'programs'))) {
    const lines = [
      '#!/bin/sh',
      'here=$(dirname "$0")/..',
      `exec ${loader} --library-path "$here/lib" "$here/programs/${name}" "$@"`,
    ];
    await writeFile(join(usr, 'bin', name), `${lines.join('\n')}\n`);
    await chmod(join(usr, 'bin', name), 0o755);
  }
}
