import { readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import parse from 'spdx-expression-parse';
import type { InfrastructureReport } from '../../../contracts/reports/infrastructure.js';
import { licenceOf } from '../subject/licence-of.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { type PackageJson, readPackage } from '../subject/read-package.js';

type Licenses = InfrastructureReport['licenses'];

const licenceFile = /^(?:licen[cs]e|copying|unlicense)(?:[.-].+)?$/i;

/** The licence that the subject declares, the files that hold one, and the licences of the installed packages. */
export function findLicences(
  places: Pick<Places, 'nodeModules'>,
  files: readonly string[],
  description: PackageJson,
): Licenses {
  const declared = licenceOf(description);
  return {
    declared,
    valid: declared !== null && isExpression(declared),
    files: files.filter((file) => licenceFile.test(posix.basename(file))),
    dependencies: installedPackages(places.nodeModules),
  };
}

/** Whether a licence is an SPDX expression. */
export function isExpression(licence: string): boolean {
  try {
    parse(licence);
    return true;
  } catch {
    return false;
  }
}

/** Every installed package once per version, also those that are installed within another. */
function installedPackages(nodeModules: string): Licenses['dependencies'] {
  const found = new Map<string, Licenses['dependencies'][number]>();
  const visit = (folder: string): void => {
    for (const path of packageFolders(folder)) {
      const description = readPackage(path);
      if (description.name !== null) {
        const entry = {
          name: description.name,
          version: description.version ?? 'unknown',
          license: licenceOf(description),
        };
        found.set(`${entry.name}@${entry.version}`, entry);
      }
      visit(join(path, 'node_modules'));
    }
  };
  visit(nodeModules);
  return [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, entry]) => entry);
}

function packageFolders(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.name.startsWith('@') ? readdirSync(path).map((name) => join(path, name)) : [path];
    });
}
