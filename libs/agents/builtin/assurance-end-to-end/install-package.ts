import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create, extract } from 'tar';
import { publishedFiles } from '../publishing/published-files.js';
import { readPackage } from '../subject/read-package.js';
import { installedName } from './specifiers.js';

/** A package in a folder where nothing else is but what it depends on. */
export interface Installed {
  /** The folder of whoever uses it. */
  readonly user: string;
  /** The package itself, below `node_modules`. */
  readonly folder: string;
}

/**
 * Packs what would be published from a folder, and unpacks it where nobody has been before. Of the installed packages
 * it sees those that its package.json declares for use, and by way of them theirs; none that it only has for
 * development.
 *
 * @param user a folder that is made anew
 */
export async function installPackage(subject: string, nodeModules: string, user: string): Promise<Installed> {
  const description = readPackage(subject);
  const name = installedName(description);
  const folder = join(user, 'node_modules', name);
  const archive = `${user}.tgz`;
  rmSync(user, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // An entry that begins with `@` would be taken for an archive.
  const files = publishedFiles(subject).map((file) => `./${file}`);
  await create({ file: archive, cwd: subject, gzip: true, portable: true, prefix: 'package' }, files);
  await extract({ file: archive, cwd: folder, strip: 1 });
  const used = {
    ...description.dependencies,
    ...description.peerDependencies,
    ...description.optionalDependencies,
  };
  for (const dependency of Object.keys(used)) {
    const [source, target] = [join(nodeModules, dependency), join(user, 'node_modules', dependency)];
    if (!isInstalled(nodeModules, dependency) || existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(source, target);
  }
  return { user, folder };
}

/** By the names in the folder: one in package.json could lead anywhere. */
function isInstalled(nodeModules: string, name: string): boolean {
  const parts = name.split('/');
  const last = parts.pop() ?? '';
  const folder = parts.length === 1 && parts[0]?.startsWith('@') ? join(nodeModules, parts[0]) : nodeModules;
  if (parts.length > 1 || (parts.length === 1 && folder === nodeModules)) return false;
  return existsSync(folder) && readdirSync(folder).includes(last);
}
