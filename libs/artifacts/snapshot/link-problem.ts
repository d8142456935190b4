import { hasControlCharacters } from './paths.js';

/**
 * Why a symbolic link cannot be part of a workspace, or undefined.
 *
 * Where every link of a workspace passes, none of them leads out, however they are chained: going up is judged by
 * place, so it is refused once the way went through another link.
 *
 * @param links the targets of all links of the workspace by path
 */
export function linkProblem(
  path: string,
  target: string,
  links: ReadonlyMap<string, string>,
): string | undefined {
  if (!target.isWellFormed() || target.includes('\uFFFD'))
    return 'The link leads to a name that is not valid UTF-8.';
  if (hasControlCharacters(target)) return 'The link leads to a name with a control character.';
  if (target === '') return 'The link leads nowhere.';
  if (target.startsWith('/')) return 'The link is absolute, so it leads out of the folder.';
  if (Buffer.byteLength(target) > 2000) return 'The target of the link is longer than 2,000 bytes.';
  const at = path.split('/').slice(0, -1);
  let throughLink = false;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') {
      at.push(part);
      throughLink ||= links.has(at.join('/'));
    } else if (throughLink) {
      return 'The link goes up ("..") after it went through another link, so where it leads is not certain.';
    } else if (at.pop() === undefined) {
      return 'The link leads out of the folder.';
    }
  }
  return undefined;
}
