import type { Subject } from '../contracts/subject.js';

/** A subject in one line, as a person would write it. */
export function titleOf(subject: Subject): string {
  switch (subject.kind) {
    case 'npm':
      return `npm:${subject.name}@${subject.version}`;
    case 'directory':
      return subject.path;
    case 'git':
      return subject.ref === undefined ? subject.url : `${subject.url}#${subject.ref}`;
  }
}
