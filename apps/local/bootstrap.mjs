import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, exit, versions } from 'node:process';
import { fileURLToPath } from 'node:url';
import { atLeast, cacheFolder, cacheItems, checkRequirements, missing } from './requirements.mjs';
import { build, isBuilt } from './setup/build.mjs';
import { dependenciesInstalled, installDependencies } from './setup/dependencies.mjs';
import { withLock } from './setup/lock.mjs';
import { say, step } from './setup/step.mjs';

/**
 * Every npm script starts here: on Node 20 or newer, with nothing installed. It sets up what is missing, then hands
 * over to the built program. Standard output is that program's alone.
 */
const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const [command = 'help', ...rest] = argv.slice(2);
const node = join(root, 'node_modules', '.bin', 'node');

try {
  await setUp();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  // The test command ends with its count whatever happened, and a set-up that failed is a failure.
  if (command === 'test') console.log('0 passed, 1 failed');
  exit(1);
}
await handOver();

async function setUp() {
  if (await isReady()) return;
  const lacking = missing(await checkRequirements({ purpose: purpose(), environment: env }));
  if (lacking !== undefined) throw new Error(lacking);
  if (await isSetUp()) return;
  await withLock(
    `set-up ${root}`,
    () => say('Another start is setting up this checkout; waiting for it.'),
    async () => {
      const work = join(root, '.heptad', 'work');
      // Under the lock nobody else works here: what is left is of a start that was interrupted.
      await rm(work, { recursive: true, force: true });
      await mkdir(work, { recursive: true });
      try {
        if (!(await dependenciesInstalled(root)))
          await step('Installing dependencies from the lock file', () => installDependencies(root, work));
        if (!(await isBuilt(root))) await step('Building', () => build(root, work, runtime()));
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  );
}

/** Whether nothing is to be done at all, so that the machine need not be looked at. */
async function isReady() {
  if (!(await isSetUp())) return false;
  const cached = cacheItems(cacheFolder(env));
  const wanted = { command: [], stack: [cached.engine], test: [cached.engine, cached.testServer] }[purpose()];
  return wanted.every((folder) => existsSync(join(folder, 'record.json')));
}

async function isSetUp() {
  return (await dependenciesInstalled(root)) && (await isBuilt(root));
}

/** @returns {'command' | 'stack' | 'test'} */
function purpose() {
  if (command === 'test') return 'test';
  return ['up', 'demo', 'bench', 'tamper'].includes(command) ? 'stack' : 'command';
}

/** The Node that the programs run on: this one where it is new enough, else the one among the dependencies. */
function runtime() {
  return atLeast(versions.node, '24') ? execPath : node;
}

/** Runs the program in a child, passes signals on, and ends as it ends. */
async function handOver() {
  const checks = ['test', 'bench', 'tamper'].includes(command);
  const program = join(
    root,
    'dist',
    'apps',
    checks ? join('local', 'checks', 'main.js') : join('cli', 'main.js'),
  );
  const args = ['--enable-source-maps', program, command, ...rest];
  // The channel lets the program see that this process is gone, however it went.
  const child = spawn(runtime(), args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', (error) => {
    say(`${runtime()} cannot be started: ${error.message}`);
    exit(1);
  });
  child.once('exit', (code, signal) => exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}
