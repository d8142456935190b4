import { posix } from 'node:path';
import type { WorkGraph } from '../contracts/graph.js';
import type { Lacking, Synthesis } from '../contracts/reports/synthesis.js';
import type { Template } from '../contracts/template.js';
import { assessRisks } from './assess-risks.js';
import { collect } from './collect.js';
import { type Budgets, decide } from './decide.js';
import { findConflicts } from './find-conflicts.js';
import { byCodeUnit, unique } from './order.js';
import { plainReports } from './plain-reports.js';
import { priorityPlaces } from './priority-places.js';
import { type Collected, ofKind } from './report.js';

export interface Consolidation {
  /** Name of the consolidation, such as `analysis_consolidation`. */
  readonly phase: string;
  /** Outcomes in any order; what comes twice counts once. */
  readonly arrived: readonly Collected[];
  /** Items that were waited for, were needed, and have no result. */
  readonly missing: readonly string[];
  /** Who was to do those, and why there is no result; left out where that is not at hand. */
  readonly lacking?: readonly Lacking[];
  /** Items that were waited for and have no result because none was wanted. Default: none. */
  readonly notNeeded?: readonly string[];
  readonly graph: WorkGraph;
  /** What was reserved for the run; left out where that is not at hand. */
  readonly budgets?: Budgets;
  /** The template's weights, by which candidates are compared. */
  readonly weights: Template['fitness'];
}

/**
 * Puts reports together: each once, what is missing named, conflicts found by comparing, risks with evidence, and the
 * decisions that follow. The same inputs give the same synthesis, byte for byte, whatever order they came in. Both the
 * barrier within a graph and the phase coordinate, over the whole run, are this function.
 */
export function consolidate({
  phase,
  arrived,
  missing,
  lacking = [],
  notNeeded = [],
  graph,
  budgets,
  weights,
}: Consolidation): Synthesis {
  const collection = collect(arrived, priorityPlaces(graph));
  const { inputs } = collection;
  const reports = plainReports(inputs);
  return {
    kind: 'synthesis',
    phase,
    inputs: inputs.map(({ item, agent, outcome }) => ({ item, agent, outcome })),
    missing: unique(missing),
    ...(lacking.length > 0 ? { lacking: lacking.toSorted((a, b) => byCodeUnit(a.item, b.item)) } : {}),
    ...(notNeeded.length > 0 ? { notNeeded: unique(notNeeded) } : {}),
    synthesis: {
      architectureMap: architectureMap(inputs),
      codePatterns: ofKind(inputs, 'code').flatMap(({ report }) =>
        report.byRule.map(({ tool, rule, count, files }) => ({ pattern: `${tool} ${rule}`, count, files })),
      ),
      infrastructureState: infrastructureState(inputs),
      conflicts: findConflicts(collection),
      dependencies: dependencies(inputs),
      riskAssessment: assessRisks(inputs, unique(missing)),
      ...(reports.length > 0 ? { reports } : {}),
    },
    decisions: decide(inputs, { missing, notNeeded }, graph, budgets, weights),
  };
}

function architectureMap(inputs: readonly Collected[]): Synthesis['synthesis']['architectureMap'] {
  const [architecture] = ofKind(inputs, 'architecture');
  if (!architecture) return {};
  const { components, imports, cycles, external, integrationPoints, configuration } = architecture.report;
  const folders = new Set(components.map(({ name }) => name));
  const files = ofKind(inputs, 'code').flatMap(({ report }) => report.files.map(({ file }) => file));
  return {
    components,
    imports: imports.length,
    cycles,
    external,
    integrationPoints,
    configuration,
    /** Files of the library that belong to no component. */
    unmapped: unique(files.filter((file) => !folders.has(posix.dirname(file)))),
  };
}

function infrastructureState(inputs: readonly Collected[]): Synthesis['synthesis']['infrastructureState'] {
  const [infrastructure] = ofKind(inputs, 'infrastructure');
  if (!infrastructure) return {};
  const { environment, baseline, coverage, secrets, licenses } = infrastructure.report;
  const { tests, ...run } = baseline;
  return {
    environment,
    baseline: { ...run, tests: tests.length },
    coverage,
    secrets: secrets.length,
    license: { declared: licenses.declared, valid: licenses.valid, files: licenses.files },
  };
}

/** Packages that are installed or imported, by name, with the files that import them. */
function dependencies(inputs: readonly Collected[]): Synthesis['synthesis']['dependencies'] {
  const licenses = new Map<string, string | null>();
  const usedBy = new Map<string, readonly string[]>();
  for (const { report } of ofKind(inputs, 'infrastructure'))
    for (const { name, license } of report.licenses.dependencies)
      licenses.set(name, licenses.get(name) ?? license);
  for (const { report } of ofKind(inputs, 'architecture'))
    for (const { name, kind, importedBy } of report.external)
      if (kind === 'package') usedBy.set(name, importedBy);
  return unique([...licenses.keys(), ...usedBy.keys()])
    .map((name) => ({ name, license: licenses.get(name) ?? null, usedBy: unique(usedBy.get(name) ?? []) }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}
