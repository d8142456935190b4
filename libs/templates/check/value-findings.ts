import { namesOf, pointer } from './pointer.js';
import type { Finding } from './template-problem.js';

/** Levels that a template may be nested. */
const deepest = 100;

/** What of a value canonical JSON cannot say, or is nested too deep for who reads it. */
export function valueFindings(value: unknown): Finding[] {
  const findings: Finding[] = [];
  // Not by recursion: the depth is what is in question.
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: at, path, depth } = next;
    if (typeof at === 'object' && at !== null) {
      if (depth >= deepest) {
        const top = pointer('', ...namesOf(path).slice(0, 3));
        return [{ path: top, reason: `It is nested more than ${deepest} levels deep.` }];
      }
      for (const [name, one] of Object.entries(at)) {
        if (!name.isWellFormed()) findings.push({ path, reason: 'A name in it is no well-formed Unicode.' });
        open.push({ value: one, path: pointer(path, name), depth: depth + 1 });
      }
    } else if (typeof at === 'string') {
      if (!at.isWellFormed()) findings.push({ path, reason: 'It is no well-formed Unicode.' });
    } else if (typeof at === 'number' && !Number.isFinite(at)) {
      findings.push({ path, reason: `It is ${at}, which JSON cannot say.` });
    }
  }
  return findings;
}
