import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './setup/run.mjs';

/** What is needed of a machine, in one place: set-up refuses by it, `heptad doctor` prints it. */

const engineFolder = new URL('./engine/', import.meta.url);
const read = (/** @type {string} */ name) => readFileSync(new URL(name, engineFolder), 'utf8');
const firstMatch = (/** @type {string} */ text, /** @type {RegExp} */ pattern) =>
  pattern.exec(text)?.[1] ?? '';

/** The versions that are pinned in `engine/`. */
export const pins = {
  go: firstMatch(read('go.mod'), /^go (\S+)/m),
  cli: firstMatch(read('go.mod'), /github\.com\/temporalio\/cli v(\S+)/),
  server: firstMatch(read('go.mod'), /go\.temporal\.io\/server v(\S+)/),
  testServer: firstMatch(
    read('pom.xml'),
    /<artifactId>temporal-test-server<\/artifactId>\s*<version>([^<]+)/,
  ),
  java: '17',
  /** The oldest server that has every feature that is used. */
  oldestServer: '1.29.1',
};

/** By which a package of Debian or a relative is fetched and unpacked. */
export const packageTools = ['apt-get', 'dpkg-deb'];

/** Where the SDK downloads its servers from; asked only whether it can be reached. */
const downloadSite = 'https://temporal.download/';

/** @param {NodeJS.ProcessEnv} environment */
export function cacheFolder(environment) {
  const home = environment.HOME ?? homedir();
  return environment.HEPTAD_CACHE || join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'heptad');
}

/**
 * Where each fetched thing is in the cache: a folder, complete when it has a `record.json`.
 *
 * @param {string} cache
 */
export function cacheItems(cache) {
  const machine = `${process.platform}-${process.arch}`;
  return {
    engine: join(cache, `temporal-cli-${pins.cli}-${machine}`),
    testServer: join(cache, `temporal-test-server-${pins.testServer}-${machine}`),
    bubblewrap: join(cache, 'bubblewrap', machine),
    fsverity: join(cache, 'fsverity', machine),
    capnproto: join(cache, 'capnproto', machine),
  };
}

/** @param {string} folder */
const isCached = (folder) => existsSync(join(folder, 'record.json'));

/**
 * The file of a program on the PATH.
 *
 * @param {string} program
 * @param {NodeJS.ProcessEnv} environment
 */
export function onPath(program, environment) {
  return (environment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

/**
 * Whether a version is at least another one; both as numbers with dots.
 *
 * @param {string} version
 * @param {string} least
 */
export function atLeast(version, least) {
  const numbers = (/** @type {string} */ text) =>
    text.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [numbers(version), numbers(least)];
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * A `temporal` on the PATH with the version of its server, or undefined.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export async function engineOnPath(environment) {
  const file = onPath('temporal', environment);
  if (file === undefined) return undefined;
  const { stdout } = await run(file, ['--version'], { env: environment, timeout: 20_000 });
  const server = firstMatch(stdout, /Server (\d+\.\d+\.\d+)/) || 'unknown';
  return { file, server, usable: server !== 'unknown' && atLeast(server, pins.oldestServer) };
}

/**
 * Everything that a purpose needs of this machine, with what was found. What is there already (in the cache, on the
 * PATH) makes the tools that would fetch or build it needless, and those are then not in the list.
 *
 * @param {{ purpose: 'command' | 'stack' | 'test', environment: NodeJS.ProcessEnv, downloadFailed?: boolean }} options
 * @returns {Promise<import('./requirements.mjs').Requirement[]>}
 */
export async function checkRequirements({ purpose, environment, downloadFailed = false }) {
  const runtimes = [nodeRequirement(), await npmRequirement(environment)];
  if (purpose === 'command') return runtimes;
  const cached = cacheItems(cacheFolder(environment));
  const engineMissing =
    !environment.HEPTAD_TEMPORAL_ADDRESS &&
    !isCached(cached.engine) &&
    !(await engineOnPath(environment))?.usable;
  const serverMissing = purpose === 'test' && !isCached(cached.testServer);
  const builders = [
    ...(engineMissing ? [await goRequirement(environment)] : []),
    ...(serverMissing ? [await mavenRequirement(environment), await javaRequirement(environment)] : []),
  ];
  // What builds is needed only where the download does not answer; that is asked only where something is missing.
  const complete = builders.every(({ ok }) => ok);
  const needed = complete || downloadFailed || !(await downloadAnswers(environment)) ? builders : [];
  // The test server that Maven fetched still needs Java to run.
  const runner =
    purpose === 'test' && existsSync(join(cached.testServer, 'jars'))
      ? [await javaRequirement(environment)]
      : [];
  return [
    ...runtimes,
    ...needed,
    ...runner,
    ...sandboxRequirements(isCached(cached.bubblewrap), environment),
  ];
}

/**
 * What is missing, as one message.
 *
 * @param {readonly import('./requirements.mjs').Requirement[]} requirements
 * @returns {string | undefined} undefined where nothing is
 */
export function missing(requirements) {
  const lines = requirements
    .filter(({ ok }) => !ok)
    .map(({ name, found, needed, remedy }) => `  ${name}: ${needed} is needed, found ${found}. ${remedy}`);
  return lines.length === 0 ? undefined : `This machine lacks what Heptad needs:\n${lines.join('\n')}`;
}

function nodeRequirement() {
  const carried = ['linux-x64', 'linux-arm64', 'win32-x64'].includes(`${process.platform}-${process.arch}`);
  const least = carried ? '20' : '24';
  return {
    name: 'Node.js',
    ok: atLeast(process.versions.node, least),
    found: process.versions.node,
    needed: `version ${least} or newer`,
    remedy: 'Install it from nodejs.org or with your package manager.',
  };
}

/** @param {NodeJS.ProcessEnv} environment */
async function npmRequirement(environment) {
  const { code, stdout } = await run('npm', ['--version'], { env: environment, timeout: 30_000 });
  return {
    name: 'npm',
    ok: code === 0,
    found: code === 0 ? stdout.trim() : 'none',
    needed: 'any version',
    remedy: 'It comes with Node.js; some distributions have it in a package of its own.',
  };
}

/** @param {NodeJS.ProcessEnv} environment */
async function goRequirement(environment) {
  const { code, stdout } = await run('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], {
    env: environment,
    timeout: 30_000,
  });
  const [version = '', toolchain = ''] = stdout.trim().split('\n');
  const number = version.replace(/^go/, '');
  // From 1.21 on Go fetches a newer toolchain by itself, unless it was told to stay with its own.
  const fetches = toolchain !== 'local' && !toolchain.startsWith('go') && atLeast(number, '1.21');
  return {
    name: 'Go',
    ok: code === 0 && (atLeast(number, pins.go) || fetches),
    found: code === 0 ? number : 'none',
    needed: `version ${pins.go} or newer`,
    remedy: 'It builds the Temporal server, whose download cannot be reached; install it from go.dev.',
  };
}

/** @param {NodeJS.ProcessEnv} environment */
async function mavenRequirement(environment) {
  const { code, stdout } = await run('mvn', ['-v'], { env: environment, timeout: 60_000 });
  return {
    name: 'Maven',
    ok: code === 0,
    found:
      code === 0
        ? firstMatch(stdout, /Apache Maven (\d[\w.-]*)/) || 'a version that it does not tell'
        : 'none',
    needed: 'any version 3',
    remedy:
      "It fetches Temporal's test server, whose download cannot be reached; install the package `maven`.",
  };
}

/** @param {NodeJS.ProcessEnv} environment */
async function javaRequirement(environment) {
  const { code, stderr } = await run('java', ['-version'], { env: environment, timeout: 60_000 });
  const version = firstMatch(stderr, /version "([^"]+)"/);
  return {
    name: 'Java',
    ok: code === 0 && atLeast(version, pins.java),
    found: version || 'none',
    needed: `version ${pins.java} or newer`,
    remedy:
      "It runs Temporal's test server; install a Java runtime such as the package `openjdk-17-jre-headless`.",
  };
}

/**
 * @param {boolean} cached
 * @param {NodeJS.ProcessEnv} environment
 */
function sandboxRequirements(cached, environment) {
  const found = environment.HEPTAD_BUBBLEWRAP || onPath('bwrap', environment);
  if (found) return [];
  if (cached) return [];
  const absent = packageTools.filter((tool) => onPath(tool, environment) === undefined);
  return [
    {
      name: 'bubblewrap',
      ok: process.platform === 'linux' && absent.length === 0,
      found: absent.length === 0 ? `none, but ${packageTools.join(' and ')} to fetch it` : 'none',
      needed: 'bubblewrap on Linux, or apt-get and dpkg-deb to fetch it,',
      remedy: 'No program runs without its sandbox; install the package `bubblewrap`.',
    },
  ];
}

/**
 * Whether the SDK's own download can be tried. Behind a proxy that cannot be told without trying.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export async function downloadAnswers(environment) {
  if (['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => environment[name])) return true;
  try {
    await fetch(downloadSite, { method: 'HEAD', signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}
