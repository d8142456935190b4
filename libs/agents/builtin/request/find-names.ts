import type { ReadRequest } from './read-markdown.js';

export interface Name {
  readonly at: number;
  readonly kind: 'path' | 'url' | 'version' | 'code';
  readonly text: string;
}

const extension =
  'md|txt|json|ya?ml|toml|ts|tsx|mts|js|jsx|mjs|cjs|py|rs|go|java|rb|php|c|h|cpp|cs|sh|sql|html|css|csv|xml|pdf|png|svg|lock|env|ini|cfg';
const path = new RegExp(
  `(?<![\\p{L}\\p{N}./_-])(?:~?/|\\.{1,2}/)?(?:[\\w.@-]+/)*[\\w.@-]*\\w\\.(?:${extension})(?![\\p{L}\\p{N}_/-])` +
    '|(?<![\\p{L}\\p{N}./_-])(?:~/|\\.{1,2}/|/)[\\w.@-]+(?:/[\\w.@-]+)*/?' +
    '|\\b(?:README|LICENSE|CHANGELOG|CONTRIBUTING|Dockerfile|Makefile)\\b(?!\\.\\w)',
  'gu',
);
const version = /(?<![\p{L}\p{N}.])(?:v\d+(?:\.\d+)*|\d+\.\d+\.\d+)(?:-[\w.]*\w)?(?![\p{L}\p{N}])/gu;
const file = new RegExp(`^[\\w.@-]+\\.(?:${extension})$`);
const isPath = (code: string): boolean =>
  /^[\w.@~/-]+$/.test(code) && (code.includes('/') || file.test(code));

/** What a text names so that it can be found: code, addresses, paths and versions. Offsets are of the whole text. */
export function findNames({ masked, literals }: ReadRequest): Name[] {
  const found: Name[] = literals.map(({ kind, range, text }) => ({
    at: range[0],
    kind: kind === 'url' ? 'url' : kindOfCode(text),
    text,
  }));
  for (const [pattern, kind] of [
    [path, 'path'],
    [version, 'version'],
  ] as const)
    for (const { 0: text, index } of masked.matchAll(pattern)) found.push({ at: index, kind, text });
  return found.sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : 1));
}

function kindOfCode(code: string): Name['kind'] {
  if (/^v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/.test(code)) return 'version';
  if (/^https?:\/\//.test(code)) return 'url';
  return isPath(code) ? 'path' : 'code';
}
