import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import { HeptadError, type Problem } from '../protocol/errors.js';
import type { Mount, SandboxCommand, SandboxProfile } from './sandbox.js';

/** Folders that the sandbox makes itself; /tmp is not among them, a mount may lie below it. */
const made = [
  '/proc',
  '/dev',
  '/sys',
  '/etc',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
];

/**
 * Variables by which the loader, the C library and shells take code or data from elsewhere. The shell and the
 * tools that start a program see its environment too, before privileges are dropped.
 */
const ofStart =
  /^(LD_.*|GLIBC_.*|GCONV_PATH|GETCONF_DIR|HOSTALIASES|LOCALDOMAIN|LOCPATH|NLSPATH|POSIXLY_CORRECT|RES_OPTIONS|RESOLV_HOST_CONF|TZDIR|ENV|BASH.*|SHELLOPTS|PS4)$/;

/** @throws InputInvalid naming every problem of the command */
export async function checkCommand(command: SandboxCommand): Promise<void> {
  const problems = [
    ...checkTexts(command),
    ...checkProfile(command.profile),
    ...(await Promise.all(command.mounts.map(checkMount))).flat(),
  ];
  if (problems.length === 0) return;
  const reasons = problems.map(({ path, reason }) => `${path}: ${reason}`).join(' ');
  throw new HeptadError('InputInvalid', `The sandboxed program cannot be run. ${reasons}`, { problems });
}

function checkTexts({ command, cwd, env }: SandboxCommand): Problem[] {
  const problems: Problem[] = [];
  if (command[0] === undefined || command[0] === '') {
    problems.push({ path: '/command', reason: 'There is no program to run.' });
  } else if (command[0].startsWith('-') || command[0].includes('=')) {
    problems.push({
      path: '/command/0',
      reason: 'A program of this name would be taken for an option or a variable.',
    });
  }
  if (!isPlain(cwd))
    problems.push({ path: '/cwd', reason: 'It must be an absolute path without "." and "..".' });
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.push({ path: `/env/${name}`, reason: 'It is not a name of letters, digits and underscores.' });
    } else if (ofStart.test(name)) {
      const reason = 'It would act on the programs that start the sandbox; set it with `env` in the command.';
      problems.push({ path: `/env/${name}`, reason });
    }
    if (value.includes('\0')) problems.push({ path: `/env/${name}`, reason: 'It holds a null character.' });
  }
  for (const [index, argument] of command.entries()) {
    if (argument.includes('\0'))
      problems.push({ path: `/command/${index}`, reason: 'It holds a null character.' });
  }
  return problems;
}

function checkProfile(profile: SandboxProfile): Problem[] {
  const numbers = ['memoryBytes', 'processes', 'wallMs', 'diskBytes', 'outputBytes', 'fileBytes'] as const;
  return numbers.flatMap((name) =>
    Number.isSafeInteger(profile[name]) && profile[name] > 0
      ? []
      : [{ path: `/profile/${name}`, reason: 'It must be a whole number above zero.' }],
  );
}

async function checkMount({ source, target, writable }: Mount, index: number): Promise<Problem[]> {
  const path = `/mounts/${index}`;
  if (!isPlain(target) || target === '/') {
    return [
      {
        path: `${path}/target`,
        reason: 'It must be an absolute path without "." and "..", and not the root.',
      },
    ];
  }
  if (made.some((folder) => target === folder || target.startsWith(`${folder}/`))) {
    return [{ path: `${path}/target`, reason: `The sandbox makes this folder itself (${target}).` }];
  }
  if (!isPlain(source))
    return [{ path: `${path}/source`, reason: 'It must be an absolute path without "." and "..".' }];
  const entry = await lstat(source).catch(() => undefined);
  if (entry === undefined) return [{ path: `${path}/source`, reason: `${source} does not exist.` }];
  if (writable && !entry.isDirectory()) {
    return [{ path: `${path}/source`, reason: `${source} is to be writable, but is not itself a folder.` }];
  }
  return [];
}

const isPlain = (path: string): boolean =>
  path.startsWith('/') &&
  !path.includes('\0') &&
  posix.normalize(path) === path &&
  (path === '/' || !path.endsWith('/'));
