import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { PackageJson } from './read-package.js';

/** A file by which others use a package. */
export interface EntryPoint {
  readonly kind: 'entry' | 'binary';
  readonly file: string;
  /** What of package.json names it: `main`, `module`, `exports .`, the name of a binary. */
  readonly detail: string;
}

/** The files that package.json exports: as main, as module, by `exports`, as binaries. Those that are not there are left out. */
export function entryPoints(workspace: string, description: PackageJson): EntryPoint[] {
  const points: EntryPoint[] = [];
  const add = (kind: EntryPoint['kind'], path: string, detail: string): void => {
    const file = resolved(workspace, path);
    if (file !== null) points.push({ kind, file, detail });
  };
  add('entry', description.main ?? 'index.js', 'main');
  if (description.module !== null) add('entry', description.module, 'module');
  for (const [name, path] of exported(description.exports, '.')) add('entry', path, `exports ${name}`);
  const bin =
    typeof description.bin === 'string' ? { [description.name ?? 'bin']: description.bin } : description.bin;
  for (const [name, path] of Object.entries(bin ?? {})) add('binary', path, name);
  return points;
}

/** The files that `exports` names, whatever conditions lead to them; patterns with `*` are no single file. */
function exported(value: unknown, name: string): [string, string][] {
  if (typeof value === 'string') return value.includes('*') ? [] : [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => exported(inner, key.startsWith('.') ? key : name));
}

/** The file that Node would load for a path of package.json, or null where there is none within the subject. */
function resolved(workspace: string, path: string): string | null {
  const base = posix.normalize(path).replace(/\/$/, '');
  if (base.startsWith('..') || base.startsWith('/')) return null;
  const tried = [base, `${base}.js`, `${base}.json`, posix.join(base, 'index.js')];
  return tried.find((file) => isFile(join(workspace, file))) ?? null;
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
