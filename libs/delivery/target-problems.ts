import { resolve } from 'node:path';
import { hasControlCharacters } from '../artifacts/snapshot/paths.js';
import type { Target } from '../contracts/delivery.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { parseSubject } from '../subjects/parse-subject.js';
import { titleOfTarget } from './place-of.js';
import { recipientProblem } from './recipient-problem.js';

/** Every problem of what a request names as targets, as JSON pointers into its body. Nothing is looked up. */
export function targetProblems(targets: readonly Target[]): Problem[] {
  const places = targets.map(placeOf);
  return targets.flatMap((target, index) => {
    const at = `/deliver/${index}`;
    const first = places.indexOf(places[index] ?? '');
    return [
      ...ownProblems(target).map(({ path, reason }) => ({ path: `${at}/${path}`, reason })),
      ...(first < index ? [{ path: at, reason: `It is the same place as /deliver/${first}.` }] : []),
    ];
  });
}

/** Two targets with the same one would write over each other. */
const placeOf = (target: Target): string =>
  `${target.kind} ${titleOfTarget(target)} ${target.kind !== 'git' && target.encryptTo !== undefined}`;

function ownProblems(target: Target): Problem[] {
  switch (target.kind) {
    case 'folder':
      return [...problem('path', pathProblem(target.path)), ...encryption(target.encryptTo)];
    case 's3':
      return [...problem('prefix', prefixProblem(target.prefix)), ...encryption(target.encryptTo)];
    case 'git':
      return [
        ...problem('url', addressProblem(target.url)),
        ...problem('branch', refProblem(target.branch)),
        ...(target.base === undefined ? [] : problem('base', refProblem(target.base))),
      ];
  }
}

const problem = (path: string, reason: string | undefined): Problem[] =>
  reason === undefined ? [] : [{ path, reason }];

const encryption = (recipient: string | undefined): Problem[] =>
  recipient === undefined ? [] : problem('encryptTo', recipientProblem(recipient));

function pathProblem(path: string): string | undefined {
  if (hasControlCharacters(path) || !path.isWellFormed()) return 'It holds a control character.';
  if (!path.startsWith('/')) return 'A place on this machine is named by its absolute path.';
  if (resolve(path) !== path.replace(/(?<=.)\/$/, '')) return 'It holds "..", "." or an empty name.';
  return undefined;
}

function prefixProblem(prefix: string): string | undefined {
  if (hasControlCharacters(prefix) || !prefix.isWellFormed()) return 'It holds a control character.';
  if (prefix.split('/').slice(0, -1).includes('') || /(^|\/)\.{1,2}(\/|$)/.test(prefix))
    return 'It holds "..", "." or an empty name.';
  return undefined;
}

/** Repositories are named as subjects are, but for a path, which need not end in `.git`. */
function addressProblem(url: string): string | undefined {
  if (url.startsWith('/')) return pathProblem(url);
  if (url.startsWith('file:')) return 'A repository on this machine is named by its absolute path.';
  if (url.includes('#')) return 'It holds "#"; the branch stands apart.';
  try {
    const subject = parseSubject(url.startsWith('https:') ? `git+${url}` : url);
    if (subject.kind === 'git' && subject.url === url) return undefined;
  } catch (error) {
    if (!(error instanceof HeptadError)) throw error;
    return error.problems.map(({ reason }) => reason).join(' ');
  }
  return 'It is not the address of a git repository. Use https or ssh, or an absolute path.';
}

function refProblem(ref: string): string | undefined {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._/+@-]{0,199}$/.test(ref);
  if (plain && !/\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$|^refs\/|^HEAD$/.test(ref)) return undefined;
  return 'It is not the plain name of a branch, such as heptad/review.';
}
