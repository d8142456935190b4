import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from '../subject/places.js';

/** Where one run of the suite happens. */
export interface WorkingCopy {
  /** Holds everything else; removed by the next copy. */
  readonly folder: string;
  /** A private copy of the subject, because tests write into their folder. */
  readonly workspace: string;
  /** Stand-ins for the test runners, first on the PATH. */
  readonly shims: string;
  /** What the runners report. */
  readonly reports: string;
  /** What V8 counted. */
  readonly coverage: string;
  readonly home: string;
}

/**
 * Makes a fresh copy of the subject beside a link to its installed packages, always at the same place, so that a
 * path which gets into a test's name is the same every time.
 */
export function makeWorkingCopy(places: Places): WorkingCopy {
  const folder = join(places.scratch, 'suite');
  const copy: WorkingCopy = {
    folder,
    workspace: join(folder, 'package'),
    shims: join(folder, 'shims'),
    reports: join(folder, 'reports'),
    coverage: join(folder, 'coverage'),
    home: join(folder, 'home'),
  };
  rmSync(folder, { recursive: true, force: true });
  for (const made of [copy.shims, copy.reports, copy.coverage, copy.home])
    mkdirSync(made, { recursive: true });
  cpSync(places.workspace, copy.workspace, { recursive: true, verbatimSymlinks: true });
  if (existsSync(places.nodeModules)) {
    symlinkSync(places.nodeModules, join(folder, 'node_modules'));
    linkPackages(places.nodeModules, copy);
  }
  return copy;
}

/**
 * Old packages call `node_modules/.bin/RUNNER` by path. For them the copy gets a `node_modules` of links whose
 * `.bin` is the folder of shims; Node resolves links, so modules keep one identity.
 */
function linkPackages(nodeModules: string, copy: WorkingCopy): void {
  const own = join(copy.workspace, 'node_modules');
  if (existsSync(own)) return;
  mkdirSync(own);
  symlinkSync(copy.shims, join(own, '.bin'));
  for (const name of readdirSync(nodeModules)) {
    if (!name.startsWith('.')) symlinkSync(join(nodeModules, name), join(own, name));
  }
}
