import type { Subject } from '../contracts/subject.js';

/** Characters of a text that stand in its title. */
const shown = 80;

/** A subject in one line, as a person would write it; of a text the first line, shortened. */
export function titleOf(subject: Subject): string {
  switch (subject.kind) {
    case 'npm':
      return `npm:${subject.name}@${subject.version}`;
    case 'directory':
      return subject.path;
    case 'git':
      return subject.ref === undefined ? subject.url : `${subject.url}#${subject.ref}`;
    case 'text':
      return `text:${firstLineOf(subject.text)}`;
  }
}

function firstLineOf(text: string): string {
  // By code points: half a character could not be stored.
  const line = [...(text.split('\n', 1)[0] ?? '').replaceAll('\t', ' ').trim()];
  return line.length > shown
    ? `${line
        .slice(0, shown - 1)
        .join('')
        .trimEnd()}…`
    : line.join('');
}
