import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './run.mjs';

const stamp = join('node_modules', '.heptad.json');

/**
 * Whether the dependencies are those of the lock file. A tree that somebody else installed and that is right is
 * adopted as it is, since other processes may be using it.
 *
 * @param {string} root the checkout
 */
export async function dependenciesInstalled(root) {
  const digest = await lockDigest(root);
  const found = await readFile(join(root, stamp), 'utf8').catch(() => '{}');
  if (JSON.parse(found).lock === digest) return true;
  if (!(await matchesLock(root))) return false;
  await writeFile(join(root, stamp), JSON.stringify({ lock: digest }));
  return true;
}

/**
 * Installs the dependencies from the lock file, without running their scripts. They are put together in `work` and
 * moved into place when complete, so that nothing half-made is ever found there.
 *
 * @param {string} root the checkout
 * @param {string} work a folder on the same file system
 */
export async function installDependencies(root, work) {
  const fresh = join(work, 'install');
  await mkdir(fresh, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    if (existsSync(join(root, file))) await copyFile(join(root, file), join(fresh, file));
  // Packages that want a newer Node than the one that npm runs on are no news: they run on the one in the lock file.
  const args = [
    'ci',
    '--ignore-scripts',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
  ];
  await mustRun('npm', args, { cwd: fresh, env: withoutOuterScript(process.env) });
  await writeFile(join(fresh, stamp), JSON.stringify({ lock: await lockDigest(root) }));
  if (existsSync(join(root, 'node_modules')))
    await rename(join(root, 'node_modules'), join(work, 'old-node_modules'));
  await rename(join(fresh, 'node_modules'), join(root, 'node_modules'));
}

/** @param {string} root */
async function lockDigest(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['package.json', 'package-lock.json']) hash.update(await readFile(join(root, file)));
  return hash.digest('hex');
}

/**
 * Whether npm's own record of what is in node_modules says the same as the lock file.
 *
 * @param {string} root
 */
async function matchesLock(root) {
  const read = async (/** @type {string} */ file) => JSON.parse(await readFile(join(root, file), 'utf8'));
  const hidden = await read(join('node_modules', '.package-lock.json')).catch(() => undefined);
  if (hidden === undefined) return false;
  const { packages } = await read('package-lock.json');
  const manifest = await read('package.json');
  const kinds = /** @type {const} */ (['dependencies', 'devDependencies', 'optionalDependencies']);
  const agreed = kinds.every((kind) => sameEntries(manifest[kind] ?? {}, packages[''][kind] ?? {}));
  return (
    agreed &&
    Object.entries(packages).every(([path, wanted]) => {
      if (path === '') return true;
      const found = hidden.packages[path];
      // What is for another platform is in the lock file and not on disk.
      if (found === undefined) return wanted.optional === true;
      return (
        found.version === wanted.version &&
        found.integrity === wanted.integrity &&
        existsSync(join(root, path))
      );
    })
  );
}

/**
 * @param {Record<string, string>} one
 * @param {Record<string, string>} other
 */
function sameEntries(one, other) {
  const sorted = (/** @type {Record<string, string>} */ entries) =>
    JSON.stringify(Object.entries(entries).sort());
  return sorted(one) === sorted(other);
}

/**
 * The environment without what npm tells the script it runs, which a second npm would take for its own.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
function withoutOuterScript(environment) {
  const outer =
    /^npm_(package_|lifecycle_|command$|execpath$|node_execpath$|config_(local_prefix|prefix|global|json|loglevel|ignore_scripts)$)/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !outer.test(name)));
}
