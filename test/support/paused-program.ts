import { access, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Program } from '../../apps/local/stack.js';
import { ifThere } from '../../libs/artifacts/if-there.js';
import { until } from './until.js';

/** Points at which a built program can stand still; `test/support/paused` says what each is. */
export type Point =
  | 'merge-under-way'
  | 'package-staged'
  | `${'package' | 'histories' | 'seal'}-${'half-written' | 'published'}`;

/** A built program that stands still at the points that are marked in a folder. */
export function pausedProgram(marks: string, program: string, ...args: readonly string[]): Program {
  const register = pathToFileURL(resolve('test/support/paused/register.mjs'));
  register.searchParams.set('at', marks);
  return [process.execPath, '--import', register.href, resolve('dist', program), ...args];
}

/** Marks a point: the program stands still when it comes there next. */
export const mark = (marks: string, point: Point): Promise<void> => writeFile(join(marks, point), '');

/** Waits until the program stands still at a point. */
export async function untilPaused(marks: string, point: Point): Promise<void> {
  await until(`${point} being reached`, () =>
    access(join(marks, `${point}.reached`)).then(
      () => true,
      () => false,
    ),
  );
}

/** Workspaces that a merge tested, each time that it did, in that order. */
export async function testedIn(marks: string): Promise<string[]> {
  const lines = await ifThere(readFile(join(marks, 'tested'), 'utf8'));
  return (lines ?? '').split('\n').filter((line) => line !== '');
}
