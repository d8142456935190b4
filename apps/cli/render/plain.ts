import { stripVTControlCharacters } from 'node:util';

/** A text from elsewhere as it may appear in one line of a terminal: without control characters. */
export const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
