import { type Config, toEnvironment } from '../../libs/config/config.js';
import { openDataFolder } from '../../libs/config/open-data-folder.js';
import { provideBubblewrap } from './provision/provide-bubblewrap.js';
import { findChange, readRecord } from './provision/record.js';
import {
  cacheItems,
  checkRequirements,
  engineOnPath,
  onPath,
  pins,
  type Requirement,
} from './requirements.mjs';
import { run } from './setup/run.mjs';
import { engineAnswers } from './stack/answers.js';

/** What Heptad needs of this machine, what was found of it, and what to do about the rest. */
export type DoctorReport = readonly Requirement[];

/**
 * Looks at the machine: what set-up needs, by the same list by which it refuses; the digests of everything in the
 * cache; whether the sandbox works and the data folder can be used. Fetches and builds nothing.
 */
export async function doctor(config: Config): Promise<DoctorReport> {
  const environment = { ...process.env, ...toEnvironment(config) };
  const requirements = await checkRequirements({ purpose: 'test', environment });
  const lacks = (...names: string[]): boolean =>
    requirements.some(({ name, ok }) => !ok && names.includes(name));
  const items = cacheItems(config.cache);
  return [
    ...requirements.filter(({ name }) => name !== 'bubblewrap'),
    config.temporal.external ? await externalEngine(config) : await localEngine(items.engine, lacks('Go')),
    await cached("Temporal's test server", pins.testServer, items.testServer, lacks('Maven', 'Java')),
    await sandbox(config, items.bubblewrap, requirements),
    await dataFolder(config),
  ];
}

async function externalEngine(config: Config): Promise<Requirement> {
  const failure = await engineAnswers(config, AbortSignal.timeout(5_000)).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return {
    name: 'Temporal server',
    ok: failure === undefined,
    found: `${config.temporal.address}, which ${failure === undefined ? 'answers' : `does not answer: ${failure}`}`,
    needed: `a server with the namespace ${config.temporal.namespace}`,
    remedy: 'Start it, or unset HEPTAD_TEMPORAL_ADDRESS to have the local stack start one.',
  };
}

async function localEngine(folder: string, cannotBuild: boolean): Promise<Requirement> {
  const found = await engineOnPath(process.env);
  if (!found?.usable) return cached('Temporal server', pins.server, folder, cannotBuild);
  return {
    name: 'Temporal server',
    ok: true,
    found: `${found.file}, version ${found.server}`,
    needed: `version ${pins.oldestServer} or newer`,
    remedy: '',
  };
}

/** Something in the cache, every digest of it compared; where it is not there yet, whether it can be had. */
async function cached(
  name: string,
  version: string,
  folder: string,
  cannotGet: boolean,
): Promise<Requirement> {
  const record = await readRecord(folder);
  const change = record === undefined ? undefined : await findChange(folder, record, { full: true });
  const none = cannotGet ? 'none' : 'none yet; the first start gets it';
  const state = record === undefined ? none : `${folder}, ${record.source}`;
  return {
    name,
    ok: change === undefined && !(record === undefined && cannotGet),
    found: change ?? state,
    needed: `version ${version}`,
    remedy:
      change === undefined
        ? 'Install the tools that are missing above.'
        : `Remove ${folder}; the next start gets it again.`,
  };
}

async function sandbox(
  config: Config,
  folder: string,
  requirements: readonly Requirement[],
): Promise<Requirement> {
  const wanted = requirements.find(({ name }) => name === 'bubblewrap');
  const needed = 'bubblewrap, and the right to use it';
  const there = config.bubblewrap ?? onPath('bwrap', process.env) ?? (await readRecord(folder));
  if (there === undefined)
    return wanted ?? { name: 'bubblewrap', ok: false, found: 'none', needed, remedy: '' };
  try {
    const program = await provideBubblewrap(config);
    const trial = await run(program, ['--unshare-all', '--ro-bind', '/', '/', '/bin/true'], {
      timeout: 20_000,
    });
    return {
      name: 'bubblewrap',
      ok: trial.code === 0,
      found: trial.code === 0 ? program : `${program}, which makes no sandbox: ${trial.stderr.trim()}`,
      needed,
      remedy: 'Allow user namespaces, for example by `sysctl kernel.unprivileged_userns_clone=1`.',
    };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { name: 'bubblewrap', ok: false, found, needed, remedy: 'Install the package `bubblewrap`.' };
  }
}

async function dataFolder(config: Config): Promise<Requirement> {
  const failure = await openDataFolder(config).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return {
    name: 'Data folder',
    ok: failure === undefined,
    found: failure ?? config.data,
    needed: 'a folder that can be written, of this version or an older one',
    remedy: 'Set HEPTAD_DATA to another folder.',
  };
}
