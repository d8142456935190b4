import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles } from '../subject/list-files.js';
import { type PackageJson, readPackage } from '../subject/read-package.js';
import { globPattern } from './glob.js';
import { type IgnoreRule, ignoreRules, isIgnored } from './ignore-rules.js';

/** In the package whatever `files` says and ignore files leave out. */
const always = /^(?:package\.json|readme(?:\..*)?|licen[cs]e(?:\..*)?|copying(?:\..*)?)$/i;
/** In no package, wherever they are. */
const never =
  /(?:^|\/)(?:\.git|CVS|\.svn|\.hg|\.lock-wscript|\.wafpickle-\d+|\.[^/]*\.swp|\.DS_Store|\._[^/]*|npm-debug\.log|\.npmrc|\.npmignore|\.gitignore|config\.gypi|[^/]*\.orig)(?:\/|$)/;
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
    (file) => always.test(file) || kept.has(file) || (listed(file) && !isIgnored(file, rules)),
  );
}

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

/** Patterns of `files` count from the root; one that fits a folder takes all of it. The last that fits decides. */
function listedBy(patterns: readonly string[]): (file: string) => boolean {
  const rules = patterns.map((written) => {
    const negated = written.startsWith('!');
    const glob = written
      .replace(/^!/, '')
      .replace(/^\.?\//, '')
      .replace(/\/\*?$/, '');
    return { negated, all: glob === '' || glob === '.', pattern: globPattern(glob) };
  });
  return (file) => {
    const names = file.split('/');
    const parts = names.map((_, index) => names.slice(0, index + 1).join('/'));
    const last = rules.findLast(({ all, pattern }) => all || parts.some((part) => pattern.test(part)));
    return last !== undefined && !last.negated;
  };
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
