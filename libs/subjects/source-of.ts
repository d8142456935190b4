import type { Subject } from '../contracts/subject.js';

/** Where a subject comes from: `npm`, `local`, `text`, or the host of a git server. What fails together has one source. */
export function sourceOf(subject: Subject): string {
  switch (subject.kind) {
    case 'npm':
      return 'npm';
    case 'directory':
      return 'local';
    case 'git':
      return hostOf(subject.url) ?? 'local';
    case 'text':
      return 'text';
  }
}

function hostOf(url: string): string | undefined {
  if (URL.canParse(url)) return new URL(url).hostname || undefined;
  // The short form of ssh, user@host:path.
  return /^(?:[^@/]+@)?([^:/]+):/.exec(url)?.[1];
}
