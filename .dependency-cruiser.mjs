/**
 * Who may import whom. The table is in docs/reference/structure.md; a rule here is a row there.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const own = '^(apps|workflows|activities|libs|test)/';

/** Files below `from` may import, of our own files, only those that match `to`. */
const only = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: own, pathNot: to },
});

/** Files below `from` may import, of packages, only those that match `to`. */
const onlyPackages = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'core'], pathNot: to },
});

const zod = 'node_modules/zod/';
const common = 'node_modules/@temporalio/common/';
const workflowPackages = 'node_modules/@temporalio/(workflow|common)/';

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'declared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^(test/|vitest\\.config)' },
      to: { path: '^test/' },
    },

    only('contracts', '^libs/contracts/', '^libs/(contracts|protocol)/'),
    onlyPackages('contracts-packages', '^libs/contracts/', [zod, common]),
    only('protocol', '^libs/protocol/', '^libs/protocol/'),
    onlyPackages('protocol-packages', '^libs/protocol/', [common]),
    only('libs', '^libs/', '^libs/'),

    only('workflows', '^workflows/', ['^workflows/', '^libs/(contracts|protocol)/', '^libs/graph/']),
    {
      name: 'workflows-parse-nothing',
      comment: 'What the edge parses and expands stays out of the bundle, with what it needs.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '^libs/graph/((parse|expand)\\.|conditions/(parse|check|declared|uncovered))',
        reachable: true,
      },
    },
    onlyPackages('workflows-packages', '^workflows/', [workflowPackages]),
    {
      name: 'workflows-take-types-of-contracts',
      comment: 'Values of contracts would bring zod into the bundle.',
      severity: 'error',
      from: {
        path: '^(workflows/|libs/graph/)',
        pathNot: '^libs/graph/(parse|compile|expand|check|conditions/(parse|check|declared|uncovered))',
      },
      to: { path: '^libs/contracts/', dependencyTypesNot: ['type-only'] },
    },

    only('activities', '^activities/([^/]+)/', ['^activities/$1/', '^libs/']),
    only('api', '^apps/api/', ['^apps/api/', '^libs/']),
    only('worker', '^apps/worker/', ['^apps/worker/', '^activities/', '^libs/']),
    only('cli', '^apps/cli/', ['^apps/(cli|local)/', '^libs/']),
    only('local', '^apps/local/', ['^apps/', '^libs/']),
    {
      name: 'agents-of-ours-are-imported-by-nobody',
      severity: 'error',
      from: { pathNot: '^(libs/agents/builtin/|test/)' },
      to: { path: '^libs/agents/builtin/' },
    },
    {
      name: 'environment-is-read-once',
      severity: 'error',
      from: { pathNot: '^(libs/config/|apps/local/|libs/agents/builtin/|test/)' },
      to: { path: '^process$', dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/fixtures)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
