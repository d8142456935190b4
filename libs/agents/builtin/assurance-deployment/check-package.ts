import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { DeploymentReport } from '../../../contracts/reports/assurance.js';
import { findLicences } from '../infrastructure/find-licences.js';
import { findSecrets } from '../infrastructure/find-secrets.js';
import { fits } from '../publishing/listed-by.js';
import { publishedFiles } from '../publishing/published-files.js';
import { entryPoints } from '../subject/entry-points.js';
import { listFiles } from '../subject/list-files.js';
import { type PackageJson, readPackage } from '../subject/read-package.js';

/** One check of a package, before it is known how it came out on the other side of a change. */
export type Check = Omit<DeploymentReport['checks'][number], 'metBefore'>;

const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
/** A version as semver.org has it, without a leading `v`. */
const version =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const testFile =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|fixtures?)\/|[._-](?:test|spec)\.[cm]?[jt]sx?$/i;

/** What is checked of a package before it is published, in a fixed order. */
export async function checkPackage(
  folder: string,
  options: { readonly secrets: boolean; readonly key: string },
): Promise<Check[]> {
  const description = readPackage(folder);
  const published = publishedFiles(folder);
  const licences = findLicences({ nodeModules: join(folder, 'none') }, listFiles(folder), description);
  const secrets = options.secrets ? await findSecrets(folder, published, options.key) : [];
  const tests = published.filter((file) => testFile.test(file));
  return [
    ...fields(description),
    check(
      'licence',
      'The licence is an SPDX expression.',
      'major',
      licences.valid,
      licences.declared ?? 'none',
    ),
    check(
      'licence-file',
      'A file holds the licence.',
      'minor',
      licences.files.length > 0,
      some(licences.files),
    ),
    ...entries(folder, description, published),
    ...binaries(folder, description),
    check('no-tests', 'No tests are published.', 'minor', tests.length === 0, some(tests)),
    ...(options.secrets
      ? [
          check(
            'no-secrets',
            'No published file holds what looks like a secret.',
            'critical',
            secrets.length === 0,
            some(secrets.map(({ file, line, rule }) => `${file}:${line} (${rule})`)),
          ),
        ]
      : []),
  ];
}

const check = (
  id: string,
  says: string,
  severity: Check['severity'],
  met: boolean,
  evidence: string,
): Check => ({ id, says, severity, met, evidence: evidence.slice(0, 500) });

const some = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;

function fields({ name, version: number, description, private: closed, engines }: PackageJson): Check[] {
  const node = engines.node ?? null;
  return [
    check(
      'name',
      'npm takes the name.',
      'critical',
      name !== null && packageName.test(name) && name.length <= 214,
      name ?? 'none',
    ),
    check(
      'version',
      'The version is a semantic one.',
      'critical',
      number !== null && version.test(number),
      number ?? 'none',
    ),
    check('public', 'It is not marked as private.', 'critical', !closed, closed ? 'private' : 'not marked'),
    check(
      'description',
      'It has a description.',
      'info',
      description !== null && description.trim() !== '',
      description ?? 'none',
    ),
    check(
      'engines',
      'It says which versions of Node it runs on.',
      'minor',
      node !== null && node.trim() !== '',
      node ?? 'none',
    ),
  ];
}

function entries(folder: string, description: PackageJson, published: readonly string[]): Check[] {
  const points = entryPoints(folder, description).filter(({ kind }) => kind === 'entry');
  const there = new Set(published);
  const lacking = points.filter(({ file }) => !there.has(file)).map(({ file }) => file);
  const asked = description.main !== null || description.exports !== undefined;
  const hasMain = points.length > 0 || !asked;
  const listed = (description.files ?? []).filter((written) => !written.startsWith('!'));
  const empty = listed.filter((written) => !published.some(fits(written)));
  return [
    check(
      'entries',
      'The files that others import are there and published.',
      'critical',
      hasMain && lacking.length === 0,
      hasMain
        ? some(lacking.length > 0 ? lacking : [...new Set(points.map(({ file }) => file))])
        : 'no file of main or exports',
    ),
    check(
      'files',
      'Each entry of files leads to something.',
      'major',
      empty.length === 0,
      some(empty.length > 0 ? empty : listed),
    ),
  ];
}

function binaries(folder: string, { name, bin }: PackageJson): Check[] {
  const named = typeof bin === 'string' ? { [name ?? 'bin']: bin } : (bin ?? {});
  const problems = Object.entries(named).flatMap(([command, path]) => {
    const file = posix.normalize(path).replace(/^\/+/, '');
    const place = join(folder, file);
    if (file.startsWith('..') || !existsSync(place) || !statSync(place).isFile())
      return [{ command, problem: 'is not there' }];
    return readFileSync(place).subarray(0, 2).toString() === '#!'
      ? []
      : [{ command, problem: 'does not say which program runs it' }];
  });
  const evidence = problems.map(({ command, problem }) => `${command} ${problem}`);
  return [
    check(
      'binaries',
      'Each binary is there and says which program runs it.',
      'critical',
      problems.length === 0,
      some(evidence.length > 0 ? evidence : Object.keys(named)),
    ),
  ];
}
