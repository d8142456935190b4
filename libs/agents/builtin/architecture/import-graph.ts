import { basename } from 'node:path';
import { cruise, type IModule, type IResolveOptions } from 'dependency-cruiser';
import type { Finding } from '../../../contracts/reports/finding.js';
import { TaskFailure } from '../answer/task-failure.js';
import { byCodeUnit } from '../subject/order.js';

/** One import, as it is written and as it was resolved. */
export interface ImportEdge {
  readonly from: string;
  /** The file, relative to the workspace; the name of a package or built-in module otherwise. */
  readonly to: string;
  readonly kind: 'file' | 'package' | 'builtin' | 'unresolved';
}

export interface ImportGraph {
  readonly edges: readonly ImportEdge[];
  readonly cycles: readonly (readonly string[])[];
  readonly findings: readonly Finding[];
}

const rules = [
  {
    name: 'no-circular',
    severity: 'error',
    says: 'The file imports itself by way of',
    from: {},
    to: { circular: true },
  },
  {
    name: 'not-to-unresolvable',
    severity: 'error',
    says: 'The file imports what cannot be resolved:',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-deprecated-core',
    severity: 'warn',
    says: 'The file imports a deprecated built-in module:',
    from: {},
    to: { dependencyTypes: ['deprecated'] },
  },
  {
    name: 'no-undeclared-package',
    severity: 'error',
    says: 'The file imports a package that package.json does not declare:',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'not-to-dev-package',
    severity: 'error',
    says: 'The file imports a package that is declared for development only:',
    from: {},
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'no-orphans',
    severity: 'info',
    says: 'Nothing imports the file and it imports nothing.',
    from: { orphan: true },
    to: {},
  },
] as const;

const severityOf = { error: 'major', warn: 'minor', info: 'info', ignore: 'info' } as const;

/** How imports are resolved: as Node does for either module system. */
const resolution = {
  exportsFields: ['exports'],
  conditionNames: ['node', 'import', 'require', 'default'],
  mainFields: ['main', 'module'],
  extensions: ['.js', '.cjs', '.mjs', '.jsx', '.ts', '.cts', '.mts', '.tsx', '.json', '.node'],
} as Partial<IResolveOptions>;

/**
 * The imports of these files, by dependency-cruiser: ES modules, CommonJS and TypeScript.
 *
 * @throws TaskFailure AgentFailed: the cruise gave no result
 */
export async function importGraph(workspace: string, files: readonly string[]): Promise<ImportGraph> {
  if (files.length === 0) return { edges: [], cycles: [], findings: [] };
  const { output } = await cruise(
    [...files],
    {
      baseDir: workspace,
      doNotFollow: { path: 'node_modules' },
      moduleSystems: ['cjs', 'es6'],
      tsPreCompilationDeps: true,
      combinedDependencies: false,
      validate: true,
      ruleSet: { forbidden: rules.map(({ says, ...rule }) => ({ ...rule, comment: says })) as never },
    },
    resolution,
  );
  if (typeof output === 'string')
    throw new TaskFailure('AgentFailed', 'Dependency-cruiser gave no import graph.');
  const cycles = new Map<string, string[]>();
  const findings = output.summary.violations.map((violation): Finding => {
    const rule = rules.find(({ name }) => name === violation.rule.name);
    const cycle = violation.cycle?.map(({ name }) => name) ?? [];
    if (cycle.length > 0) {
      const turned = fromSmallest(cycle);
      cycles.set(turned.join('\n'), turned);
    }
    const target = cycle.length > 0 ? cycle.join(' -> ') : violation.to;
    return {
      tool: 'dependency-cruiser',
      rule: violation.rule.name,
      severity: severityOf[violation.rule.severity],
      file: violation.from,
      line: null,
      message:
        `${rule?.says ?? violation.rule.name}${violation.rule.name === 'no-orphans' ? '' : ` ${target}`}`.slice(
          0,
          1000,
        ),
    };
  });
  return {
    edges: output.modules.filter(isOwn).flatMap(edgesOf),
    cycles: [...cycles.values()].sort((a, b) => byCodeUnit(a.join('\n'), b.join('\n'))),
    findings,
  };
}

const isOwn = (module: IModule): boolean =>
  !module.coreModule && !module.couldNotResolve && !isInstalled(module.source);

const isInstalled = (path: string): boolean => path.startsWith('../') || /(?:^|\/)node_modules\//.test(path);

const edgesOf = (module: IModule): ImportEdge[] =>
  module.dependencies.map((dependency): ImportEdge => {
    const from = module.source;
    if (dependency.coreModule)
      return { from, to: dependency.resolved.replace(/^node:/, ''), kind: 'builtin' };
    const relative = dependency.module.startsWith('.');
    if (dependency.couldNotResolve) {
      return { from, to: relative ? dependency.module : packageName(dependency.module), kind: 'unresolved' };
    }
    return isInstalled(dependency.resolved)
      ? {
          from,
          to: relative ? basename(dependency.resolved) : packageName(dependency.module),
          kind: 'package',
        }
      : { from, to: dependency.resolved, kind: 'file' };
  });

/** `name/sub/path` and `@scope/name/sub/path` without the path. */
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A cycle written from its smallest name on, so that it is the same wherever it was entered. */
function fromSmallest(cycle: readonly string[]): string[] {
  const smallest = cycle.indexOf(cycle.toSorted(byCodeUnit)[0] ?? '');
  return [...cycle.slice(smallest), ...cycle.slice(0, smallest)];
}
