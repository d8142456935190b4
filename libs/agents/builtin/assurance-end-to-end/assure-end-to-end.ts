import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { EndToEndReport } from '../../../contracts/reports/assurance.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { TaskFailure } from '../answer/task-failure.js';
import { publishedSize } from '../publishing/published-size.js';
import { entryPoints } from '../subject/entry-points.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { readPackage } from '../subject/read-package.js';
import { syntaxErrorOf } from '../syntax/syntax-error-of.js';
import { type Installed, installPackage } from './install-package.js';
import { type Loaded, loadEntry } from './load-entry.js';
import { installedName, specifiersOf } from './specifiers.js';

/** Most entry points that are loaded: each is a process of its own, on either side. */
const mostEntries = 50;
/** Milliseconds in which an entry point must load. */
const loadMs = 15_000;

const parametersSchema = z.object({
  /** Whether every entry point is loaded, or the package's main one alone. */
  all: z.boolean().default(true),
  /** Narrower scope: the main one alone. */
  narrow: z.boolean().default(false),
});

/**
 * Packs and installs the package, as it was captured and as it is now, loads each entry point of either in a process
 * of its own, and compares what they export.
 *
 * @throws TaskFailure SubjectInvalid: there is no package.json, so nothing can be installed
 */
export async function assureEndToEnd(places: Places, task: AgentTask): Promise<Done> {
  const { all, narrow } = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  if (!existsSync(join(places.workspace, 'package.json')))
    throw new TaskFailure('SubjectInvalid', 'The subject has no package.json, so it cannot be installed.');
  const [before, now] = [
    { folder: places.before, description: readPackage(places.before) },
    { folder: places.workspace, description: readPackage(places.workspace) },
  ];
  const [old, fresh] = await watch.time('install', () =>
    Promise.all([
      installPackage(before.folder, places.nodeModules, join(places.scratch, 'installed-before')),
      installPackage(now.folder, places.nodeModules, join(places.scratch, 'installed')),
    ]),
  );
  const specifiers = [
    ...new Set([
      ...specifiersOf(before.folder, before.description),
      ...specifiersOf(now.folder, now.description),
    ]),
  ].sort(byCodeUnit);
  const main = specifiers.filter((specifier) => specifier === installedName(now.description));
  const asked = (all && !narrow ? specifiers : main).slice(0, mostEntries);
  const entries: EndToEndReport['entries'] = [];
  await watch.time('load', async () => {
    for (const specifier of asked)
      entries.push(
        compared(
          specifier,
          await loadEntry(old, specifier, loadMs),
          await loadEntry(fresh, specifier, loadMs),
        ),
      );
  });
  const binaries = binariesOf(fresh);
  const broken =
    entries.reduce(
      (sum, { loadedBefore, loads, removed, changed }) =>
        sum + (loadedBefore && !loads ? 1 : 0) + removed.length + changed.length,
      0,
    ) + binaries.filter(({ parses }) => !parses).length;
  const outcome: EndToEndReport = {
    kind: 'assurance-end-to-end',
    packed: publishedSize(places.workspace),
    entries,
    binaries,
    broken,
    passed: broken === 0,
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}

function compared(specifier: string, before: Loaded, now: Loaded): EndToEndReport['entries'][number] {
  const [old, fresh] = [before.loads ? before.shape : {}, now.loads ? now.shape : {}];
  const both = before.loads && now.loads;
  const names = (shape: Record<string, string>): string[] => Object.keys(shape).sort(byCodeUnit);
  return {
    specifier,
    loadedBefore: before.loads,
    loads: now.loads,
    reason: now.loads ? null : now.reason,
    names: names(fresh).length,
    removed: both ? names(old).filter((name) => !Object.hasOwn(fresh, name)) : [],
    changed: both
      ? names(old)
          .filter((name) => Object.hasOwn(fresh, name) && fresh[name] !== old[name])
          .map((name) => `${name}: ${old[name]}, now ${fresh[name]}`)
      : [],
    added: both ? names(fresh).filter((name) => !Object.hasOwn(old, name)) : [],
  };
}

/** The programs that are installed with it. What another program than Node is to run is not parsed. */
function binariesOf({ folder }: Installed): EndToEndReport['binaries'] {
  return entryPoints(folder, readPackage(folder))
    .filter(({ kind }) => kind === 'binary')
    .map(({ detail, file }) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const isScript = !/^#!(?!.*\bnode\b)/.test(text);
      return { name: detail, file, parses: !isScript || syntaxErrorOf(text, `${file}.js`) === null };
    });
}
