import { globPattern } from './glob.js';

/** One line of an ignore file. */
export interface IgnoreRule {
  /** The folder that the file is in, `''` for the root, else with a `/` at its end. */
  readonly folder: string;
  /** It takes back what lines before it ignore. */
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  readonly pattern: RegExp;
}

/** The rules of an ignore file, in its order. */
export function ignoreRules(text: string, folder: string): IgnoreRule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const negated = line.startsWith('!');
      const written = negated ? line.slice(1) : line;
      const foldersOnly = written.endsWith('/');
      const bare = written.replace(/\/$/, '');
      const anchored = bare.includes('/');
      return {
        folder,
        negated,
        foldersOnly,
        pattern: globPattern(anchored ? bare.replace(/^\//, '') : `**/${bare}`),
      };
    });
}

/** Whether rules leave a file out: by its own path or by that of a folder that it is in. The last that fits decides. */
export function isIgnored(path: string, rules: readonly IgnoreRule[]): boolean {
  const names = path.split('/');
  return names.some((_, index) => {
    const part = names.slice(0, index + 1).join('/');
    return decided(part, index < names.length - 1, rules);
  });
}

function decided(path: string, isFolder: boolean, rules: readonly IgnoreRule[]): boolean {
  const last = rules.findLast(
    ({ folder, foldersOnly, pattern }) =>
      path.startsWith(folder) && (isFolder || !foldersOnly) && pattern.test(path.slice(folder.length)),
  );
  return last !== undefined && !last.negated;
}
