import type { Problem } from '../../../libs/protocol/errors.js';
import { plain } from './plain.js';

/** An error for people: its sentence with its code, then as `path: reason` each problem that it does not tell itself. */
export function problem(error: { code: string; message: string; problems: readonly Problem[] }): string {
  const message = error.message.split('\n').map(plain).join('\n');
  const untold = error.problems.filter(({ path, reason }) => !error.message.includes(`${path}: ${reason}`));
  const where = untold.map(({ path, reason }) => `  ${plain(path) || '/'}: ${plain(reason)}`);
  return [`${message} [${error.code}]`, ...where].join('\n');
}
