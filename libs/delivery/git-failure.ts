import { printable } from '../artifacts/snapshot/paths.js';
import { HeptadError } from '../protocol/errors.js';
import { unreachable } from '../subjects/run-git.js';
import type { Ended } from '../subjects/run-program.js';

const overtaken =
  /\[rejected\]|\((fetch first|non-fast-forward|stale info)\)|cannot lock ref|failed to update ref|incorrect old value|reference already exists/;

/** The error for what git said when it could not read or write a repository that is delivered to. */
export function gitDeliveryFailure(place: string, { code, output, errors }: Ended): HeptadError {
  const said = `${output}\n${errors}`;
  if (overtaken.test(said))
    return new HeptadError(
      'DeliveryOvertaken',
      `Something else was pushed to ${printable(place)} meanwhile.`,
    );
  const why = withoutCredentials(reasonIn(said) ?? `git ended with code ${code}`);
  if (unreachable.test(errors))
    return new HeptadError('DependencyUnreachable', `git could not reach ${printable(place)}: ${why}.`);
  return new HeptadError('DeliveryRefused', `Nothing was delivered to ${printable(place)}: ${why}.`);
}

function reasonIn(said: string): string | undefined {
  const rejected = /\[remote rejected\][^(]*\((.+)\)/.exec(said)?.[1];
  const lines = said.split('\n').filter((line) => /^(fatal|error|remote):/.test(line));
  return rejected ?? lines.at(-1)?.slice(0, 500);
}

/** Where git's configuration of the machine rewrites addresses, they may carry credentials. */
const withoutCredentials = (text: string): string =>
  printable(text)
    .replaceAll(/\/\/[^/@\s]+@/g, '//')
    .replace(/\.$/, '');
