import { z } from 'zod';
import type { WorkGraph } from '../../contracts/graph.js';
import type { Answered, FinalReport } from '../../contracts/reports/final-report.js';
import type { Synthesis } from '../../contracts/reports/synthesis.js';
import type { SnapshotRef } from '../../contracts/subject.js';
import { assuranceOf } from '../assurance-of.js';
import { collect } from '../collect.js';
import { count, firstOf, unique } from '../order.js';
import { priorityPlaces } from '../priority-places.js';
import { type Collected, ofKind } from '../report.js';
import { criticalSuccess, type Seen, successCriteria } from './success-criteria.js';

export interface ToReport {
  /** Outcomes in any order. */
  readonly arrived: readonly Collected[];
  /** What was made of them. */
  readonly synthesis: Synthesis;
  readonly graph: WorkGraph;
  /** The subject as it was captured, to which one would go back. */
  readonly captured: SnapshotRef;
  /** The input of the run, in which who asked for the change may say when it may go out. */
  readonly input: Readonly<Record<string, unknown>>;
}

const windowSchema = z.string().min(1).max(200);

/** Lines of a list; the whole of each report is among the package's. */
const mostLines = 50;

/**
 * What a final consolidation says of the whole work: what was changed, whether it succeeded, what keeps it from going
 * out, what is watched from now on and how to go back. All of it follows from outcomes that arrived.
 */
export function finalReport({ arrived, synthesis, graph, captured, input }: ToReport): FinalReport {
  const { inputs } = collect(arrived, priorityPlaces(graph));
  const last = ofKind(inputs, 'validation').at(-1) ?? null;
  const seen: Seen = { ...assuranceOf(inputs), validation: last };
  const criteria = successCriteria(seen);
  const deploymentWindow = windowSchema.safeParse(input.deployment_window).data ?? null;
  const readiness = { ...readinessOf(criteria, seen, synthesis), deploymentWindow };
  const projectSummary = summaryOf(inputs, seen);
  const handedBack = inputs.filter(({ workspace }) => workspace !== null).at(-1) ?? null;
  return {
    executiveSummary: inShort(readiness, projectSummary),
    technicalDetails: detailsOf(inputs, seen),
    deploymentInstructions: instructionsOf(seen, handedBack, readiness),
    monitoringConfiguration: metricsOf(seen).map(
      ({ metric, unit, alert }) => `${metric} in ${unit}: alert ${alert}`,
    ),
    knownIssues: issuesOf(seen, synthesis),
    projectSummary,
    deploymentReadiness: readiness,
    monitoringSetup: {
      metricsConfigured: seen.performance?.report.monitoring.configured
        ? metricsOf(seen).map(({ metric }) => metric)
        : [],
      alertsDefined: metricsOf(seen).map(({ metric, alert }) => `${metric}: ${alert}`),
      dashboardsCreated: [],
    },
    rollbackPlan: {
      triggers: metricsOf(seen).map(({ metric, alert }) => `${metric}: ${alert}`),
      procedures: [`Go back to the subject as it was captured: snapshot ${captured.digest}.`],
      validationSteps: validationSteps(seen),
    },
    successCriteria: criteria,
    deploymentChecklist: (seen.deployment?.report.checks ?? []).map(({ id, says, met, evidence }) => ({
      id,
      says,
      met,
      evidence,
    })),
    notReported: notReported(criteria, seen, deploymentWindow),
  };
}

const metricsOf = ({ performance }: Seen) => performance?.report.monitoring.metrics ?? [];

const isDocument = (file: string): boolean =>
  /\.(?:md|markdown|mdx|rst|adoc|txt)$/i.test(file) || /^(?:docs?|guides?)\//i.test(file);

function summaryOf(inputs: readonly Collected[], seen: Seen): FinalReport['projectSummary'] {
  const candidates = ofKind(inputs, 'candidate');
  const { performance, validation } = seen;
  return {
    changesImplemented: candidates.map(({ item, agent, report }) => ({
      item,
      agent,
      strategy: report.strategy,
      files: unique(report.changed),
      left: report.left.length,
    })),
    testsPassed: validation?.report.tests.passed ?? null,
    testsFailed: validation?.report.tests.failed ?? null,
    documentationUpdated: unique(candidates.flatMap(({ report }) => report.changed.filter(isDocument))),
    performanceImpact: {
      load: performance?.report.load ?? null,
      memory: performance?.report.memory ?? null,
      size: performance?.report.size.verdict ?? null,
      bytes: performance && {
        before: performance.report.size.before.bytes,
        after: performance.report.size.after.bytes,
      },
      complexity: validation?.report.complexity ?? null,
      lines: validation?.report.lines ?? null,
    },
  };
}

/**
 * Blocked by what is missing, by open critical conflicts, by critical criteria and by critical checks of what would be
 * published; the rest are warnings.
 */
function readinessOf(
  criteria: readonly Answered[],
  { deployment }: Seen,
  synthesis: Synthesis,
): Omit<FinalReport['deploymentReadiness'], 'deploymentWindow'> {
  const checks = (deployment?.report.checks ?? []).filter(({ met }) => !met);
  const { lacking = [] } = synthesis;
  const waived = new Map(lacking.map((one) => [one.item, one.waived]));
  const conflicts = synthesis.synthesis.conflicts.filter(({ resolution }) => resolution === null);
  const open = criteria.filter(({ met }) => met !== true);
  const isBlocker = ({ id, met }: Answered): boolean => met === false && criticalSuccess.includes(id);
  const saidOf = ({ says, evidence }: Pick<Answered, 'says' | 'evidence'>): string =>
    `Not met: ${says} ${evidence}`;
  const blockers = [
    ...synthesis.missing.filter((item) => !waived.get(item)).map((item) => `${item} has no result.`),
    ...conflicts
      .filter(({ severity }) => severity === 'critical')
      .map(({ about }) => `Open conflict: ${about}`),
    ...open.filter(isBlocker).map(saidOf),
    ...checks.filter(({ severity }) => severity === 'critical').map(saidOf),
  ];
  const warnings = [
    ...lacking.flatMap(({ item, waived: by }) =>
      by ? [`${item} has no result, and ${by.by} decided to do without it: ${by.reason}`] : [],
    ),
    ...conflicts
      .filter(({ severity }) => severity !== 'critical')
      .map(({ about }) => `Open conflict: ${about}`),
    ...open.filter((one) => !isBlocker(one)).map(saidOf),
    ...checks.filter(({ severity }) => severity !== 'critical').map(saidOf),
  ];
  return {
    status: blockers.length > 0 ? 'blocked' : warnings.length > 0 ? 'conditional' : 'ready',
    blockers,
    warnings,
  };
}

function inShort(
  { status, blockers, warnings }: FinalReport['deploymentReadiness'],
  { changesImplemented, testsPassed, testsFailed }: FinalReport['projectSummary'],
): string {
  const files = new Set(changesImplemented.flatMap((change) => change.files)).size;
  return [
    `The change is ${status}${status === 'ready' ? '' : `: ${count(blockers.length, 'blocker')}, ${count(warnings.length, 'warning')}`}.`,
    changesImplemented.length > 0
      ? `${count(files, 'file')} changed in ${count(changesImplemented.length, 'step')}.`
      : 'Nobody reported a change.',
    testsPassed === null
      ? 'Nobody reported on tests.'
      : `${count(testsPassed, 'test')} passed, ${testsFailed} failed.`,
  ].join(' ');
}

function detailsOf(inputs: readonly Collected[], { validation, performance, endToEnd }: Seen): string[] {
  const lines = ofKind(inputs, 'candidate').map(({ item, agent, report: { strategy, changed, left } }) =>
    `${item} by ${agent} (${strategy}): ${count(changed.length, 'file')} changed, ${left.length} left. ${firstOf(unique(changed), 10)}`.trim(),
  );
  if (validation) {
    const { change, complexity, findings, coverage } = validation.report;
    lines.push(
      `Against the captured subject: ${count(change.files, 'file')}, ${change.linesAdded} lines added, ${change.linesRemoved} removed.`,
      `Complexity ${complexity.before} before, ${complexity.after} after; ${count(findings.all, 'finding')} left.`,
      coverage.functions === null
        ? 'Coverage was not counted.'
        : `The tests reach ${coverage.functions} % of the functions.`,
    );
  }
  if (performance)
    lines.push(
      `Load ${performance.report.load}, memory ${performance.report.memory}, size ${performance.report.size.verdict}.`,
    );
  if (endToEnd)
    lines.push(
      `${count(endToEnd.report.entries.length, 'entry point')} loaded, ${endToEnd.report.broken} broken.`,
    );
  return lines.slice(0, mostLines);
}

function instructionsOf(
  { validation, deployment, endToEnd }: Seen,
  handedBack: Collected | null,
  { blockers }: FinalReport['deploymentReadiness'],
): string[] {
  const published = deployment?.report.published ?? endToEnd?.report.packed;
  return [
    ...blockers.map((blocker) => `First: ${blocker}`),
    ...(deployment?.report.checks ?? [])
      .filter(({ met }) => !met)
      .map(({ says }) => `First make it so: ${says}`),
    ...(handedBack?.workspace
      ? [`Take the workspace that ${handedBack.item} handed back: ${handedBack.workspace}.`]
      : []),
    ...(validation ? [`Run its tests: ${validation.report.tests.command}`] : []),
    ...(published
      ? [`Publish it: ${count(published.files, 'file')}, ${count(published.bytes, 'byte')}.`]
      : []),
  ].slice(0, mostLines);
}

/** What is known to be wrong and goes out nevertheless, if it goes out. */
function issuesOf({ validation, documentation, deployment }: Seen, synthesis: Synthesis): string[] {
  const failing = (validation?.report.tests.tests ?? []).filter(({ verdict }) => verdict === 'fail');
  return [
    ...failing.map(({ name }) => `The test ${name} fails.`),
    ...(documentation?.report.gaps ?? []).map(
      ({ gap, file, detail }) => `${gap}${file === null ? '' : ` in ${file}`}: ${detail}`,
    ),
    ...(deployment?.report.checks ?? [])
      .filter(({ met }) => !met)
      .map(({ says, evidence }) => `Not so: ${says} ${evidence}`),
    ...synthesis.synthesis.riskAssessment
      .filter(({ severity }) => severity === 'major' || severity === 'critical')
      .map(({ risk, evidence }) => `${risk} ${evidence}`),
  ].slice(0, mostLines);
}

function validationSteps({ validation, performance }: Seen): string[] {
  if (!validation) return [];
  const { command, passed } = validation.report.tests;
  const before = performance?.report.rollback;
  return [
    `Run its tests: ${command}`,
    before?.tested
      ? 'Every test of the baseline passes there, as it did when going back was tested.'
      : `Compare with the baseline; on the change ${count(passed, 'test')} pass.`,
  ];
}

function notReported(criteria: readonly Answered[], seen: Seen, deploymentWindow: string | null): string[] {
  return [
    ...criteria.filter(({ met }) => met === null).map(({ id }) => id),
    ...(seen.endToEnd ? [] : ['end-to-end']),
    ...(seen.deployment ? [] : ['deployment checklist']),
    ...(deploymentWindow === null ? ['deployment window'] : []),
    'dashboards',
  ];
}
