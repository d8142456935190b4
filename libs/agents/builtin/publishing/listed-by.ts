import { globPattern } from './glob.js';

/** Patterns of `files` count from the root, and the last that fits decides. */
export function listedBy(patterns: readonly string[]): (file: string) => boolean {
  const rules = patterns.map((written) => ({ negated: written.startsWith('!'), fits: fits(written) }));
  return (file) => {
    const last = rules.findLast((rule) => rule.fits(file));
    return last !== undefined && !last.negated;
  };
}

/** A name takes a folder with all that is in it; a glob takes files by their whole path, `*` alone takes everything. */
export function fits(written: string): (file: string) => boolean {
  const glob = written
    .replace(/^!/, '')
    .replace(/^\.?\//, '')
    .replace(/\/\*?$/, '');
  if (glob === '' || glob === '.' || glob === '*') return () => true;
  if (!/[*?[]/.test(glob)) return (file) => file === glob || file.startsWith(`${glob}/`);
  const pattern = globPattern(glob);
  return (file) => pattern.test(file);
}
