import npa from 'npm-package-arg';
import { z } from 'zod';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { refuse } from '../artifacts/snapshot/check-entries.js';
import { pathProblem, printable } from '../artifacts/snapshot/paths.js';
import type { TestPlan } from '../contracts/subject.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { type PackageJson, parsePackageJson } from './package-json.js';

/** What is asked of npm: a package.json of our own, which names packages of registries only. */
export interface DependencyRequest {
  readonly name: string;
  readonly version: string;
  readonly private: true;
  readonly dependencies: Versions;
  readonly optionalDependencies: Versions;
  readonly peerDependencies: Versions;
  readonly peerDependenciesMeta: PackageJson['peerDependenciesMeta'];
}

/**
 * What has to be installed to run a subject's tests. Where the subject and the plan name the same package, the plan
 * decides.
 *
 * @param packageJson the subject's package.json, parsed; undefined where it has none
 * @throws HeptadError `SubjectInvalid` with every package that is not one of a registry
 */
export function dependencyRequest(packageJson: unknown, plan: TestPlan): DependencyRequest {
  const own = parsePackageJson(packageJson ?? {});
  const withoutTools = (versions: Versions) => without(plan.tools, versions);
  const request: DependencyRequest = {
    name: 'subject',
    version: '0.0.0',
    private: true,
    // What is optional is not needed, also where it stands twice: so npm reads it.
    dependencies: { ...without(own.optionalDependencies, withoutTools(own.dependencies)), ...plan.tools },
    optionalDependencies: withoutTools(own.optionalDependencies),
    peerDependencies: withoutTools(own.peerDependencies),
    peerDependenciesMeta: own.peerDependenciesMeta,
  };
  const problems: Problem[] = [];
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies'] as const) {
    for (const [name, spec] of Object.entries(request[kind])) {
      const reason = specProblem(name, spec);
      if (reason !== undefined) problems.push({ path: `package.json/${kind}/${printable(name)}`, reason });
    }
  }
  refuse(problems, 'What the subject depends on');
  return request;
}

type Versions = Readonly<Record<string, string>>;

const without = (others: Versions, versions: Versions): Versions =>
  Object.fromEntries(Object.entries(versions).filter(([name]) => !Object.hasOwn(others, name)));

function specProblem(name: string, spec: string): string | undefined {
  try {
    const found = npa.resolve(name, spec);
    const type = found.type === 'alias' ? found.subSpec?.type : found.type;
    if (type === 'version' || type === 'range' || type === 'tag') return undefined;
    return `It comes from a ${type ?? 'place'} (${printable(spec)}); only packages of the registry are fetched.`;
  } catch (error) {
    return printable(error instanceof Error ? error.message : String(error));
  }
}

const lockSchema = z.looseObject({
  lockfileVersion: z.union([z.literal(2), z.literal(3)]),
  packages: z.record(
    z.string(),
    z.looseObject({
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      inBundle: z.boolean().optional(),
    }),
  ),
});

/**
 * Checks that a lock names only packages of registries, by SHA-512, and no addresses.
 *
 * @returns where each package is installed, such as `node_modules/a/node_modules/b`, sorted
 * @throws HeptadError `SubjectInvalid` with every problem
 */
export function checkLock(lock: unknown): string[] {
  const parsed = lockSchema.safeParse(lock);
  if (!parsed.success)
    refuse(
      parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('/'), reason: message })),
      'The lock',
    );
  const places = Object.entries(parsed.data?.packages ?? {}).filter(([place]) => place !== '');
  const problems: Problem[] = [];
  for (const [place, { integrity, resolved, link, inBundle }] of places) {
    const problem = (reason: string) => problems.push({ path: printable(place), reason });
    if (!place.startsWith('node_modules/') || pathProblem(place) !== undefined)
      problem('It is no place for a package.');
    if (link === true) problem('It is a link to a folder.');
    else if (resolved !== undefined) problem('It does not come from the registry.');
    else if (inBundle !== true && !integrity?.includes('sha512-')) problem('It has no SHA-512.');
  }
  refuse(problems, 'The lock');
  return places.map(([place]) => place).sort();
}

/**
 * Checks that a lock was made for a request.
 *
 * @throws HeptadError `SubjectInvalid`
 */
export function checkFit(lock: unknown, request: DependencyRequest): void {
  const parsed = z.object({ packages: z.object({ '': requestedSchema }) }).safeParse(lock);
  const { dependencies, optionalDependencies, peerDependencies } = request;
  const wanted = canonicalJson({ dependencies, optionalDependencies, peerDependencies });
  if (parsed.success && canonicalJson(parsed.data.packages['']) === wanted) return;
  throw new HeptadError(
    'SubjectInvalid',
    'The lock does not fit what the subject and its test tools ask for. Name the lock of an earlier run of the same.',
  );
}

const versionsSchema = z.record(z.string(), z.string()).default({});

const requestedSchema = z.object({
  dependencies: versionsSchema,
  optionalDependencies: versionsSchema,
  peerDependencies: versionsSchema,
});
