import type { HeptadError, Problem } from '../../../libs/protocol/errors.js';
import { inputInvalid } from './problem-of.js';

/** What a schema says of a value that it refuses; zod's issues have more than the standard demands. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly unknown[] | undefined;
  readonly errors?: readonly (readonly Issue[])[];
}

/** The error for issues of a schema, with the place of each as a JSON pointer. */
export const refusedBySchema = (issues: readonly Issue[], at: readonly unknown[] = []): HeptadError =>
  inputInvalid(problemsOf(issues, at));

function problemsOf(issues: readonly Issue[], at: readonly unknown[]): Problem[] {
  return issues.flatMap(({ message, path = [], errors }) => {
    const here = [...at, ...path];
    // Of the forms that a value could have, the one that it misses least is the one that was meant.
    const [nearest] = [...(errors ?? [])].sort((one, other) => one.length - other.length);
    return nearest?.length ? problemsOf(nearest, here) : [{ path: pointer(here), reason: message }];
  });
}

const pointer = (path: readonly unknown[]): string =>
  path
    .map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('') || '/';
