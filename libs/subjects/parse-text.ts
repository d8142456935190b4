import { hasControlCharacters } from '../artifacts/snapshot/paths.js';
import { longestText } from '../contracts/subject.js';

/**
 * A text in the one form in which it is a subject: lines end with one line feed, without blank lines before and after.
 *
 * @returns the text, or why it cannot be one and what to do
 */
export function parseText(
  written: string,
): { readonly text: string } | { readonly reason: string; readonly advice: string } {
  const text = written
    .replaceAll(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  if (text.trim() === '') return { reason: 'The text is empty.', advice: 'Write the request after "text:".' };
  if (text.length > longestText)
    return { reason: `The text is longer than ${longestText} characters.`, advice: 'Shorten it.' };
  if (hasControlCharacters(text.replaceAll(/[\n\t]/g, ' ')) || !text.isWellFormed())
    return {
      reason: 'The text contains a control character.',
      advice: 'Remove it; line ends and tabs may stay.',
    };
  return { text };
}
