import { posix } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { ArchitectureReport } from '../../../contracts/reports/architecture.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { sortFindings } from '../linters/finding.js';
import { linesOf } from '../subject/count-lines.js';
import { libraryFiles } from '../subject/library-files.js';
import { listFiles } from '../subject/list-files.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { type PackageJson, readPackage } from '../subject/read-package.js';
import { configurationFiles } from './configuration-files.js';
import { type ImportEdge, importGraph } from './import-graph.js';
import { integrationPoints } from './integration-points.js';

const parametersSchema = z.object({
  /** Whether it looks for reads of the environment; without them its scope is narrower. */
  environment: z.boolean().default(true),
});

/** What the subject is made of: components, import graph, packages, where it meets the world, configuration. */
export async function analyseArchitecture(places: Places, task: AgentTask): Promise<Done> {
  const { environment } = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const library = libraryFiles(places.workspace);
  const description = readPackage(places.workspace);
  const graph = await watch.time('dependency-cruiser', () => importGraph(places.workspace, library));
  const points = await watch.time('oxlint', () =>
    integrationPoints(places, { files: library, edges: graph.edges, description, environment }),
  );
  const imports = fileImports(graph.edges);
  const outcome: ArchitectureReport = {
    kind: 'architecture',
    components: components(places.workspace, library, imports),
    imports,
    cycles: graph.cycles.map((cycle) => [...cycle]),
    external: external(graph.edges, description),
    integrationPoints: points,
    configuration: configurationFiles(listFiles(places.workspace)),
    findings: sortFindings(graph.findings),
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}

function fileImports(edges: readonly ImportEdge[]): ArchitectureReport['imports'] {
  const unique = new Map<string, { from: string; to: string }>();
  for (const { from, to, kind } of edges) if (kind === 'file') unique.set(`${from}\n${to}`, { from, to });
  return [...unique.values()].sort((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to));
}

/** A component is a folder of library files. */
function components(
  workspace: string,
  library: readonly string[],
  imports: ArchitectureReport['imports'],
): ArchitectureReport['components'] {
  const folders = Map.groupBy(library, (file) => posix.dirname(file));
  return [...folders]
    .map(([name, files]) => ({
      name,
      files: files.length,
      lines: files.reduce((sum, file) => sum + linesOf(workspace, file), 0),
      imports: [
        ...new Set(
          imports
            .filter(({ from }) => posix.dirname(from) === name)
            .map(({ to }) => posix.dirname(to))
            .filter((folder) => folder !== name),
        ),
      ].sort(byCodeUnit),
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

function external(edges: readonly ImportEdge[], description: PackageJson): ArchitectureReport['external'] {
  const declared = new Set([
    ...Object.keys(description.dependencies),
    ...Object.keys(description.peerDependencies),
    ...Object.keys(description.optionalDependencies),
  ]);
  const found = new Map<
    string,
    { name: string; kind: 'package' | 'builtin' | 'unresolved'; importedBy: Set<string> }
  >();
  for (const { from, to, kind } of edges) {
    if (kind === 'file') continue;
    const entry = found.get(`${kind} ${to}`) ?? { name: to, kind, importedBy: new Set<string>() };
    entry.importedBy.add(from);
    found.set(`${kind} ${to}`, entry);
  }
  return [...found.values()]
    .map(({ name, kind, importedBy }) => ({
      name,
      kind,
      declared: kind === 'builtin' || declared.has(name),
      importedBy: [...importedBy].sort(byCodeUnit),
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.kind, b.kind));
}
