import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mustRun } from './run.mjs';

const sources = ['apps', 'libs', 'workflows', 'activities'];
const others = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * The digest of everything that the build reads.
 *
 * @param {string} root the checkout
 */
async function sourcesDigest(root) {
  const hash = createHash('sha256');
  for (const file of [...(await sourceFiles(root)), ...others])
    hash
      .update(`${file}\0`)
      .update(await readFile(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/**
 * Whether `dist` was built from the sources as they are.
 *
 * @param {string} root the checkout
 */
export async function isBuilt(root) {
  const record = await readFile(join(root, 'dist', 'build.json'), 'utf8').catch(() => '{}');
  return JSON.parse(record).sources === (await sourcesDigest(root));
}

/**
 * Builds `dist`: compiled programs, data beside them, the workflow bundle, one file per agent of ours. It is put
 * together in `work` and moved into place when complete.
 *
 * @param {string} root the checkout
 * @param {string} work a folder on the same file system
 * @param {string} node the Node program to build with
 */
export async function build(root, work, node) {
  const digest = await sourcesDigest(root);
  const out = join(work, 'build');
  await mkdir(out, { recursive: true });
  const compiler = join(root, 'node_modules', '.bin', 'tsc');
  // The output moves after it was written, so its source maps name the sources by absolute address.
  const args = ['-p', 'tsconfig.build.json', '--outDir', out, '--sourceRoot', `${pathToFileURL(root).href}/`];
  await mustRun(node, [compiler, ...args], { cwd: root });
  for (const file of await sourceFiles(root)) {
    if (/\.[mc]?ts$/.test(file)) continue;
    await mkdir(dirname(join(out, file)), { recursive: true });
    await cp(join(root, file), join(out, file));
  }
  await mustRun(node, [join(root, 'apps', 'local', 'setup', 'bundle.mjs'), root, out], { cwd: root });
  await writeFile(join(out, 'build.json'), JSON.stringify({ sources: digest }));
  if (existsSync(join(root, 'dist'))) await rename(join(root, 'dist'), join(work, 'old-dist'));
  await rename(out, join(root, 'dist'));
}

/** @param {string} root */
async function sourceFiles(root) {
  const files = [];
  // `parentPath` is newer than the oldest Node that this runs on.
  for (const folder of sources.filter((name) => existsSync(join(root, name))))
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) files.push(join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
  return files.sort();
}
