import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles } from '../subject/list-files.js';
import { type PackageJson, readPackage } from '../subject/read-package.js';
import { type IgnoreRule, ignoreRules, isIgnored } from './ignore-rules.js';
import { listedBy } from './listed-by.js';

/** In the package whatever `files` says and ignore files leave out. */
const always = /^(?:package\.json|readme(?:\..*)?|licen[cs]e(?:\..*)?|copying(?:\..*)?)$/i;
/** In no package, wherever they are. */
const never =
  /(?:^|\/)(?:\.git|CVS|\.svn|\.hg|\.lock-wscript|\.wafpickle-\d+|\.[^/]*\.swp|\.DS_Store|\._[^/]*|npm-debug\.log|\.npmrc|config\.gypi|[^/]*\.orig)(?:\/|$)/;
/** In no package unless `files` names them at the root. */
const ignoreFile = /(?:^|\/)\.(?:npm|git)ignore$/;
/** In no package where they are at its root. */
const neverAtRoot = /^(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/;

/**
 * The files that `npm publish` would take from a folder, by npm's rules for `files`, `.npmignore` and `.gitignore`.
 * Relative, sorted by code unit. Links and bundled dependencies are left out.
 */
export function publishedFiles(folder: string): string[] {
  const description = readPackage(folder);
  const all = listFiles(folder).filter((file) => !never.test(file) && !neverAtRoot.test(file));
  const kept = new Set(alwaysKept(folder, description));
  const rules = rulesOf(folder, all, description.files !== null);
  const listed = description.files === null ? () => true : listedBy(description.files);
  return all.filter(
    (file) =>
      always.test(file) ||
      kept.has(file) ||
      (listed(file) &&
        !isIgnored(file, rules) &&
        (!ignoreFile.test(file) || isNamedAtRoot(file, description))),
  );
}

const isNamedAtRoot = (file: string, { files }: PackageJson): boolean =>
  files !== null && !file.includes('/');

/** The files of `main` and of `bin`, which no rule leaves out. */
function alwaysKept(folder: string, { main, bin }: PackageJson): string[] {
  const paths = [
    ...(main === null ? [] : [main]),
    ...(typeof bin === 'string' ? [bin] : Object.values(bin ?? {})),
  ];
  return paths
    .map((path) => posix.normalize(path).replace(/^\//, ''))
    .flatMap((path) => [path, `${path}.js`])
    .filter((path) => isFile(join(folder, path)));
}

/** In each folder `.npmignore`, or else `.gitignore`; those of the root play no part beside `files`. */
function rulesOf(folder: string, files: readonly string[], hasFiles: boolean): IgnoreRule[] {
  const folders = new Set(files.flatMap(foldersOf));
  return [...folders].flatMap((place) => {
    if (place === '' && hasFiles) return [];
    const path = ['.npmignore', '.gitignore'].map((name) => join(folder, place, name)).find(isFile);
    return path === undefined ? [] : ignoreRules(readFileSync(path, 'utf8'), place);
  });
}

/** The root, and each folder of the path, outermost first. */
function foldersOf(file: string): string[] {
  const names = file.split('/').slice(0, -1);
  return ['', ...names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`)];
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
