import type { ControlFileName } from '../contracts/control-files.js';
import { mostCharacters, type ReadControlFile } from './control-item.js';
import { lintControlFile } from './lint-control-file.js';

/** No text of as many characters as are read has more. Bytes. */
export const mostBytes = 4 * mostCharacters;

const unread = (says: string): ReadControlFile => ({ items: [], problems: [{ line: 1, column: 1, says }] });

/** What is said of a file that is too large to be read. */
export const tooLarge = (size: number): ReadControlFile =>
  unread(`It has ${size} bytes; ${mostBytes} are read. Nothing of it is.`);

/** Reads the bytes of a control file, as {@link lintControlFile} does its text. Never throws. */
export function lintControlBytes(file: ControlFileName, bytes: Uint8Array): ReadControlFile {
  if (bytes.length > mostBytes) return tooLarge(bytes.length);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The decoder says by throwing that it is no text.
    return unread('It is not text in UTF-8. Nothing of it is read.');
  }
  return lintControlFile(file, text);
}
