import { printable } from '../artifacts/snapshot/paths.js';
import { type ErrorCode, HeptadError } from '../protocol/errors.js';
import { type Ended, type Program, runProgram } from './run-program.js';

// Where git runs inside a hook or an alias of git, these would point it at another repository.
const foreign = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_SYSTEM',
  'GIT_EXEC_PATH',
  'GIT_TEMPLATE_DIR',
  'GIT_EXTERNAL_DIFF',
  'GIT_PROXY_COMMAND',
];

const settings = [
  'protocol.ext.allow=never',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.symlinks=false',
  'core.attributesFile=/dev/null',
  'credential.interactive=false',
  'fetch.recurseSubmodules=false',
  'submodule.recurse=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'uploadpack.packObjectsHook=',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=30',
].flatMap((setting) => ['-c', setting]);

/**
 * Runs the machine's git so that it asks nothing and runs nothing that a repository brings: no hooks, no helpers of
 * transports, no fetching on demand.
 *
 * @param protocol the only one that may be used
 */
export function runGit(
  protocol: 'https' | 'ssh' | 'file',
  program: Omit<Program, 'name' | 'environment' | 'without'>,
): Promise<Ended> {
  return runProgram({
    ...program,
    name: 'git',
    arguments: [...settings, ...program.arguments],
    without: foreign,
    environment: {
      GIT_ALLOW_PROTOCOL: protocol,
      GIT_ASKPASS: 'true',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_NO_LAZY_FETCH: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_TERMINAL_PROMPT: '0',
      SSH_ASKPASS_REQUIRE: 'never',
      LC_ALL: 'C',
    },
  });
}

/** The error for what git said when it could not fetch. */
export function gitFailure(what: string, ended: Ended): HeptadError {
  const said = ended.errors
    .trim()
    .split('\n')
    .filter((line) => /^(fatal|error|remote):/.test(line))
    .at(-1);
  const message = printable((said ?? ended.errors.trim().split('\n').at(-1) ?? '').slice(0, 500));
  const [code, advice] = causeOf(ended.errors);
  return new HeptadError(code, `git could not read ${printable(what)}: ${message}. ${advice}`);
}

function causeOf(errors: string): readonly [ErrorCode, string] {
  if (/dubious ownership/.test(errors))
    return ['SubjectUnknown', 'The repository belongs to another user: list it under safe.directory of git.'];
  if (/invalid path/.test(errors)) return ['SubjectInvalid', 'A repository cannot hold such a path.'];
  if (/signal 25|File too large/.test(errors)) return ['SubjectInvalid', 'It is larger than 2 GiB.'];
  if (missingRef.test(errors)) return ['SubjectUnknown', 'Check the name of the branch, tag or commit.'];
  if (unreachable.test(errors)) return ['DependencyUnreachable', 'Check the network and the proxy.'];
  if (
    /not found|not appear to be a git repo|Authentication failed|could not read (Username|Password)|Permission denied|publickey|Host key verification|error: 4\d\d|not a git repository/i.test(
      errors,
    )
  )
    return ['SubjectUnknown', 'Check the address, and that git may read it without asking.'];
  return ['Unexpected', ''];
}

/** What git says where the other side does not answer, or not in a way that can be trusted. */
export const unreachable =
  /Could not resolve|Failed to connect|Couldn't connect|Connection (refused|timed out|reset|closed)|unreachable|No route|too slow|early EOF|error: (429|5\d\d)|SSL|gnutls|certificate/i;

/** What git says where the other side does not have, or does not give, what was asked for. */
export const missingRef = /couldn't find remote ref|no such remote ref|not our ref|unadvertised object/;
