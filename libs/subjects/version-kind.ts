import npa from 'npm-package-arg';
import type { Subject } from '../contracts/subject.js';

/** What names the version of a package: itself, or a range or tag that stands for one; `other` is none of them. */
export function versionKind({
  name,
  version,
}: Extract<Subject, { kind: 'npm' }>): 'version' | 'range' | 'tag' | 'other' {
  try {
    const { type } = npa.resolve(name, version);
    return type === 'version' || type === 'range' || type === 'tag' ? type : 'other';
  } catch {
    // npm-package-arg throws for names and versions that npm refuses.
    return 'other';
  }
}
