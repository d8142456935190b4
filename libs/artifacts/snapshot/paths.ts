import { isUtf8 } from 'node:buffer';

/** Control characters of ASCII and Latin 1, and the two line separators of Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Whether a text has characters that garble a terminal, a log or a patch. */
export const hasControlCharacters = (text: string): boolean => unprintable.test(text);

/** A name as it may be shown: what a terminal would act on is written as `\uXXXX`. */
export function printable(name: string | Buffer): string {
  const text = typeof name === 'string' ? name : name.toString('utf8');
  const asEscape = (found: string) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replaceAll(new RegExp(unprintable, 'g'), asEscape);
}

/** Why a name that a folder lists cannot be part of a workspace, or undefined. */
export function nameProblem(name: Buffer): string | undefined {
  if (!isUtf8(name)) return 'The name is not valid UTF-8.';
  if (hasControlCharacters(name.toString('utf8'))) return 'The name contains a control character.';
  return undefined;
}

/** Why a path cannot be part of a workspace, or undefined. Paths are relative and `/`-separated. */
export function pathProblem(path: string): string | undefined {
  if (!path.isWellFormed() || path.includes('\uFFFD')) return 'The name is not valid UTF-8.';
  if (hasControlCharacters(path)) return 'The name contains a control character.';
  if (path.startsWith('/')) return 'The path is absolute.';
  const segments = path.split('/');
  if (segments.includes('..')) return 'The path contains "..".';
  if (segments.some((segment) => segment === '' || segment === '.'))
    return 'The path has an empty segment or ".".';
  if (segments.length > maximumDepth) return `The path is deeper than ${maximumDepth} folders.`;
  if (Buffer.byteLength(path) > 2000) return 'The path is longer than 2,000 bytes.';
  if (segments.some((segment) => Buffer.byteLength(segment) > 255)) return 'A name is longer than 255 bytes.';
  return undefined;
}

/** Folders within folders; each open one costs the walk a file descriptor. */
export const maximumDepth = 100;
