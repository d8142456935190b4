import { z } from 'zod';
import { printable } from '../artifacts/snapshot/paths.js';
import { type ErrorCode, HeptadError } from '../protocol/errors.js';
import { type Program, runProgram } from './run-program.js';

/**
 * On top of the user's own configuration (registries, proxies, certificates): no script is ever run, nor git, and a
 * registry that cannot be reached is reported soon, for Temporal to try again.
 */
const settings = [
  '--json',
  '--ignore-scripts',
  '--git=/nonexistent/git',
  '--global=false',
  '--workspaces=false',
  '--audit=false',
  '--fund=false',
  '--update-notifier=false',
  '--progress=false',
  '--loglevel=error',
  '--logs-max=0',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=1000',
  '--fetch-timeout=30000',
];

const failureSchema = z.object({
  error: z.object({
    code: z.string().nullish(),
    summary: z.string().nullish(),
    detail: z.string().nullish(),
  }),
});

/**
 * Runs the machine's npm in a folder and returns what it printed.
 *
 * @param what the package or packages in the error's sentence
 * @throws HeptadError `PackageUnknown`, `IntegrityMismatch`, `SubjectInvalid` (what is asked for cannot be installed),
 *   `DependencyUnreachable`, `SetupIncomplete` (no npm), `Unexpected`
 */
export async function runNpm(
  what: string,
  { arguments: own, ...program }: Omit<Program, 'name' | 'environment' | 'without'>,
): Promise<string> {
  const [command = '', ...rest] = own;
  const ended = await runProgram({
    ...program,
    name: 'npm',
    arguments: [command, ...settings, `--prefix=${program.folder}`, ...rest],
  });
  if (ended.code === 0) return ended.output;
  const { code, summary } = failureOf(ended.output, ended.errors);
  const entry = codeOf(code);
  throw new HeptadError(
    entry,
    `npm ${command} for ${what} failed with ${code}: ${summary} ${advice[entry] ?? ''}`.trim(),
  );
}

function failureOf(output: string, errors: string): { code: string; summary: string } {
  const said = parsed(output);
  const code = said?.error.code ?? /^npm (?:error|ERR!) code (\S+)/m.exec(errors)?.[1] ?? 'an unknown error';
  const summary = said?.error.summary ?? errors.trim().split('\n').at(-1) ?? '';
  return { code: printable(code), summary: printable(summary.trim().slice(0, 500)) };
}

function parsed(output: string) {
  try {
    return failureSchema.safeParse(JSON.parse(output)).data;
  } catch {
    // Not every failure of npm is JSON; its standard error says it then.
    return undefined;
  }
}

const unknown = new Set([
  'E401',
  'E403',
  'E404',
  'ETARGET',
  'ENOVERSIONS',
  'EUNPUBLISHED',
  'EINVALIDPACKAGENAME',
]);
const uninstallable = new Set([
  'ERESOLVE',
  'EUSAGE',
  'EBADPLATFORM',
  'EBADENGINE',
  'EUNSUPPORTEDPROTOCOL',
  'EINVALIDTAGNAME',
]);
const unreachable =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|ENET|EHOST|EPIPE|EPROTO|E429|E5\d\d|ERR_SOCKET|ERR_TLS|.*TIMEOUT|FETCH_ERROR|.*CERT|.*_ISSUER_|UNABLE_TO_)/;

function codeOf(code: string): ErrorCode {
  if (unknown.has(code)) return 'PackageUnknown';
  if (code === 'EINTEGRITY') return 'IntegrityMismatch';
  if (uninstallable.has(code) || code.startsWith('EALLOW')) return 'SubjectInvalid';
  return unreachable.test(code) ? 'DependencyUnreachable' : 'Unexpected';
}

const advice: Partial<Record<ErrorCode, string>> = {
  PackageUnknown: 'Check the name and the version.',
  SubjectInvalid: 'Name the test command and its tools in the input.',
  DependencyUnreachable: "Check the network and npm's configuration of registry and proxy.",
};
