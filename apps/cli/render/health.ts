import type { Colors } from '../terminal.js';
import { plain } from './plain.js';

/** One thing that is needed of a machine, and what was found. */
interface Requirement {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly needed: string;
  readonly remedy: string;
}

/** What is needed, line by line; below what is missing stands what to do. */
export function health(requirements: readonly Requirement[], colors: Colors): string {
  const width = Math.max(...requirements.map(({ name }) => name.length));
  const lines = requirements.flatMap(({ name, ok, found, needed, remedy }) => {
    const mark = ok ? colors.green('ok     ') : colors.red('missing');
    const line = `${mark}  ${name.padEnd(width)}  ${plain(found)}`;
    return ok ? [line] : [line, `${' '.repeat(11 + width)}Needed: ${needed}. ${remedy}`];
  });
  const missing = requirements.filter(({ ok }) => !ok).length;
  const verdict =
    missing === 0
      ? 'Everything that Heptad needs is there.'
      : `${missing} of ${requirements.length} missing.`;
  return [...lines, '', verdict].join('\n');
}
