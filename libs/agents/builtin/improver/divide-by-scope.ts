import type { ArchitectureReport } from '../../../contracts/reports/architecture.js';

/** The parts of an implementation, in the order in which they are worked on. */
export const scopes = ['core', 'integration', 'support'] as const;
export type Scope = (typeof scopes)[number];

/** What of a report decides the scopes. */
export type Connections = Pick<ArchitectureReport, 'imports' | 'integrationPoints'>;

/** Below this many importers on the path a file is not critical, however small the library is. */
const fewestImporters = 2;

/**
 * Divides the files of a library: each is in exactly one scope.
 *
 * - `core`, the critical path: the entry points; where one of these imports a single file, that one, and so on; and of
 *   all that they lead to by imports those files that at least two of these import, and at least as many as import such
 *   a file on average.
 * - `integration`: other files that meet the world (network, processes, file system, environment).
 * - `support`: the rest.
 *
 * Entry points are the library's files that package.json exports, as module or binary; where it exports none of them,
 * the files that no other imports.
 */
export function divideByScope(library: readonly string[], connections: Connections): Map<string, Scope> {
  const core = criticalPath(library, connections);
  // Entry points are among these, too, and are core.
  const meeting = new Set(connections.integrationPoints.map(({ file }) => file));
  return new Map(
    library.map((file) => [file, core.has(file) ? 'core' : meeting.has(file) ? 'integration' : 'support']),
  );
}

const isEntry = (kind: string): boolean => kind === 'entry' || kind === 'binary';

function criticalPath(library: readonly string[], connections: Connections): Set<string> {
  const known = new Set(library);
  const edges = connections.imports.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const entries = entryPoints(library, connections, edges);
  const reached = reachable(entries, edges);
  const importers = new Map<string, Set<string>>();
  for (const { from, to } of edges)
    if (reached.has(from)) importers.set(to, (importers.get(to) ?? new Set()).add(from));
  const counts = [...importers.values()].map(({ size }) => size);
  const average = counts.reduce((sum, size) => sum + size, 0) / Math.max(1, counts.length);
  const critical = [...importers].filter(([, { size }]) => size >= Math.max(fewestImporters, average));
  return new Set([...handedOn(entries, edges), ...critical.map(([file]) => file)]);
}

/** Entry points, and what those that only hand on lead to: a file by which every path from them goes. */
function handedOn(entries: readonly string[], edges: Edges): Set<string> {
  const targets = targetsOf(edges);
  const taken = new Set(entries);
  for (const file of taken) {
    const [only, ...others] = targets.get(file) ?? [];
    if (only !== undefined && others.length === 0) taken.add(only);
  }
  return taken;
}

type Edges = Connections['imports'];

function entryPoints(library: readonly string[], { integrationPoints }: Connections, edges: Edges): string[] {
  const named = new Set(integrationPoints.filter(({ kind }) => isEntry(kind)).map(({ file }) => file));
  const exported = library.filter((file) => named.has(file));
  if (exported.length > 0) return exported;
  const imported = new Set(edges.map(({ to }) => to));
  return library.filter((file) => !imported.has(file));
}

function reachable(entries: readonly string[], edges: Edges): Set<string> {
  const targets = targetsOf(edges);
  const reached = new Set(entries);
  // A set is walked in the order of insertion, what is added meanwhile included.
  for (const file of reached) for (const to of targets.get(file) ?? []) reached.add(to);
  return reached;
}

function targetsOf(edges: Edges): Map<string, Set<string>> {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of edges) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  return targets;
}
