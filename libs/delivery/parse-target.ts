import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Target, targetSchema } from '../contracts/delivery.js';

/**
 * Parses what a person writes for a target: `folder:PATH`, `s3://BUCKET/PREFIX`, or a git repository with its branch
 * (`git+file:///PATH#BRANCH`, `git+https://…#BRANCH`, `ssh://…#BRANCH`, `user@host:path#BRANCH`; `#BRANCH:BASE` for a
 * new branch that goes on from another). Nothing is looked up.
 *
 * @param base the folder that a relative path starts from
 * @param encryptTo an age recipient
 * @returns the target, or why there is none as a sentence
 */
export function parseTarget(text: string, base: string, encryptTo?: string): Target | string {
  const parsed = read(text, base);
  if (typeof parsed === 'string') return parsed;
  if (encryptTo !== undefined && parsed.kind === 'git') return 'What goes to a git branch is not encrypted.';
  const checked = targetSchema.safeParse({ ...parsed, ...(encryptTo === undefined ? {} : { encryptTo }) });
  return checked.success ? checked.data : checked.error.issues.map(({ message }) => message).join(' ');
}

function read(text: string, base: string): Readonly<Record<string, string>> | string {
  if (text.startsWith('folder:'))
    return { kind: 'folder', path: resolve(base, text.slice('folder:'.length)) };
  if (text.startsWith('s3:')) {
    const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? [];
    return bucket === undefined ? 'A bucket is written s3://BUCKET/PREFIX.' : { kind: 's3', bucket, prefix };
  }
  const [address = '', ref = ''] = text.split(/#(.*)/s);
  const url = address.replace(/^git\+/, '');
  if (!/^(https|ssh|file):|^[^/\s:]+@[^/\s]+:/.test(url))
    return 'A target is written folder:PATH, s3://BUCKET/PREFIX, or as a git URL with #BRANCH.';
  if (ref === '') return 'A git repository is named with the branch: write #BRANCH after it.';
  const [branch = '', from] = ref.split(/:(.*)/s);
  const git = { kind: 'git', branch, ...(from === undefined ? {} : { base: from }) };
  if (!url.startsWith('file:')) return { ...git, url };
  try {
    return { ...git, url: fileURLToPath(url) };
  } catch {
    return 'A repository on this machine is written git+file:///PATH#BRANCH.';
  }
}
