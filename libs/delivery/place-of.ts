import type { Target } from '../contracts/delivery.js';
import { workflowId } from '../protocol/names.js';

/** Where a target is, in one line, as a person would write it. */
export function titleOfTarget(target: Target): string {
  switch (target.kind) {
    case 'folder':
      return target.path;
    case 's3':
      return `s3://${target.bucket}/${target.prefix}`;
    case 'git':
      return `${target.url}#${target.branch}`;
  }
}

/** What a target stands or falls with: what fails together has one service. */
export function serviceOfTarget(target: Target): string {
  switch (target.kind) {
    case 'folder':
      return target.path;
    case 's3':
      return `s3://${target.bucket}`;
    case 'git':
      return target.url;
  }
}

/** The path of a target on this machine, and the member that names it; undefined where it is elsewhere. */
export function localPlace(target: Target): { path: string; member: 'path' | 'url' } | undefined {
  if (target.kind === 'folder') return { path: target.path, member: 'path' };
  if (target.kind === 'git' && target.url.startsWith('/')) return { path: target.url, member: 'url' };
  return undefined;
}

/** The name of a delivered package: of its folder, or of the file that it is in one piece. */
export const deliveredFolder = (run: string): string => workflowId.run(run);
export const deliveredFile = (run: string, encrypted: boolean): string =>
  `${deliveredFolder(run)}.tar${encrypted ? '.age' : ''}`;
