import { z } from 'zod';
import type { Assignment } from '../../contracts/phase.js';
import type { Dependencies } from '../../contracts/subject.js';
import { changing, type Forgery, inventing, withFirst } from './forgery.js';

const lockSchema = z.looseObject({ packages: z.record(z.string(), z.unknown()) });

function withPackages(
  assignment: Assignment,
  change: (packages: Dependencies['packages']) => readonly unknown[] | undefined,
): unknown {
  const { dependencies } = assignment;
  const packages = dependencies && change(dependencies.packages);
  return packages ? { ...assignment, dependencies: { ...dependencies, packages } } : undefined;
}

/** Names a document that is no manifest of a workspace as one. */
const treeOf = ({
  digest,
}: {
  readonly digest: Assignment['items'][number]['agents'][number]['manifest'];
}) => ({
  digest,
  files: 0,
  bytes: 0,
});

/** Forgeries of where and with what the assigned agents will work. */
export const environmentForgeries: readonly Forgery<Assignment>[] = [
  changing('health-hidden', (assignment) => {
    const [first] = assignment.items.flatMap(({ agents }) => agents);
    if (!first) return undefined;
    const health = Object.fromEntries(Object.entries(assignment.health).filter(([id]) => id !== first.id));
    return { ...assignment, health };
  }),
  changing('agent-that-is-failing', (assignment) => {
    const [first] = assignment.items.flatMap(({ agents }) => agents);
    return first && { ...assignment, health: { ...assignment.health, [first.id]: 'failing' } };
  }),
  changing('probe-failed', (assignment) => {
    const probes = withFirst(assignment.probes, (probe) => ({ ...probe, ok: false }));
    return probes && { ...assignment, probes };
  }),
  inventing('probes-dropped', (assignment) =>
    assignment.probes.length > 0 ? { ...assignment, probes: [] } : undefined,
  ),
  inventing('probe-of-another-driver', (assignment) => {
    const probes = withFirst(assignment.probes, (probe) => ({ ...probe, driver: 'another' }));
    return probes && { ...assignment, probes };
  }),
  inventing('memory-budget-lowered', (assignment) => ({
    ...assignment,
    budgets: { ...assignment.budgets, memoryBytes: Math.floor(assignment.budgets.memoryBytes / 2) },
  })),
  inventing('process-budget-lowered', (assignment) => ({
    ...assignment,
    budgets: { ...assignment.budgets, processes: Math.floor(assignment.budgets.processes / 2) },
  })),
  inventing('test-command-replaced', (assignment) =>
    assignment.test ? { ...assignment, test: { ...assignment.test, command: 'true' } } : undefined,
  ),
  changing('tests-told-otherwise', (assignment) => ({
    ...assignment,
    test: assignment.test ? null : { command: 'true', tools: {} },
  })),
  changing('dependencies-swapped', (assignment, { judged }) =>
    assignment.dependencies
      ? { ...assignment, dependencies: { ...assignment.dependencies, tree: treeOf(judged.output) } }
      : undefined,
  ),
  changing('lock-swapped', (assignment, { judged }) =>
    assignment.dependencies
      ? { ...assignment, dependencies: { ...assignment.dependencies, lock: judged.output } }
      : undefined,
  ),
  changing('lock-for-something-else', async (assignment, { store }) => {
    const { dependencies } = assignment;
    if (!dependencies) return undefined;
    const lock = await store.getJson(dependencies.lock.digest, lockSchema);
    const packages = { ...lock.packages, '': { dependencies: { 'another-package': '1.0.0' } } };
    return {
      ...assignment,
      dependencies: { ...dependencies, lock: await store.putJson({ ...lock, packages }) },
    };
  }),
  changing('package-left-out', (assignment) =>
    withPackages(assignment, (packages) => (packages.length > 0 ? packages.slice(1) : undefined)),
  ),
  changing('package-of-another-version', (assignment) =>
    withPackages(assignment, (packages) => withFirst(packages, (one) => ({ ...one, version: '99.0.0' }))),
  ),
  changing('package-invented', (assignment) =>
    withPackages(assignment, (packages) => [
      ...packages,
      { name: 'another-package', version: '1.0.0', license: null },
    ]),
  ),
];
