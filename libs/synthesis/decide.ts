import type { GraphItem, WorkGraph } from '../contracts/graph.js';
import type { CodeReport } from '../contracts/reports/code.js';
import { severities } from '../contracts/reports/finding.js';
import type { InfrastructureReport } from '../contracts/reports/infrastructure.js';
import type { Synthesis } from '../contracts/reports/synthesis.js';
import type { Template } from '../contracts/template.js';
import { riskLimits } from './assess-risks.js';
import { byCodeUnit, count } from './order.js';
import { type Collected, ofKind } from './report.js';
import { bestOf, standings } from './standings.js';
import { unverified } from './verification-score.js';
import { workDone, workDoneSays } from './work-done.js';

type Decisions = Synthesis['decisions'];

/** Bytes of memory, and processes and threads, reserved for what runs at once. */
export interface Budgets {
  readonly memoryBytes: number;
  readonly processes: number;
}

/** Weight of a finding in the order of files: a critical one counts like eight that only inform. */
const weight = { info: 1, minor: 2, major: 4, critical: 8 } as const satisfies Record<
  (typeof severities)[number],
  number
>;

const mostFiles = 20;
const mostRules = 10;

/** Items that have no result: those that were needed, and those that were not. */
export interface Without {
  readonly missing: readonly string[];
  readonly notNeeded: readonly string[];
}

/** What follows from the reports: a strategy, what comes first, and who gets what. */
export function decide(
  inputs: readonly Collected[],
  { missing, notNeeded }: Without,
  graph: WorkGraph,
  budgets: Budgets | undefined,
  weights: Template['fitness'],
): Decisions {
  const resourceAllocation = allocate(graph, budgets);
  if (standings(inputs, weights, unverified).length > 0)
    return {
      implementationStrategy: afterCandidates(inputs, weights),
      priorityOrder: candidateOrder(inputs, weights),
      resourceAllocation,
    };
  const rivals = graph.items.filter((item) => isCandidateWork(item) && !notNeeded.includes(item.id));
  const order = priorityOrder(inputs);
  const [code] = ofKind(inputs, 'code');
  const [infrastructure] = ofKind(inputs, 'infrastructure');
  if (rivals.length > 0 && code && infrastructure)
    return {
      implementationStrategy: beforeCandidates(code.report, infrastructure.report, rivals),
      priorityOrder: order,
      resourceAllocation,
    };
  // Without a report that candidates need there is no strategy for them.
  if (rivals.length > 0 && missing.length > 0)
    return { implementationStrategy: '', priorityOrder: order, resourceAllocation };
  return {
    implementationStrategy: workDoneSays(inputs),
    priorityOrder: order.length > 0 ? order : workDone(inputs),
    resourceAllocation,
  };
}

function beforeCandidates(
  code: CodeReport,
  { baseline, coverage }: InfrastructureReport,
  rivals: readonly GraphItem[],
): string {
  const says = [
    `${count(rivals.length, 'candidate')} by different strategies, each on the captured subject: ${rivals.map(({ candidate, agents }) => `${candidate} by ${agents[0]?.id ?? 'nobody'}`).join(', ')}.`,
    `${count(code.files.length, 'file')} of the library with ${count(code.totals.all, 'finding')} may be changed; tests, examples and minified files are left as they are.`,
    `A candidate counts only if every one of the ${count(baseline.passed, 'test')} that pass now still passes.`,
  ];
  if (baseline.failed > 0)
    says.push(`${count(baseline.failed, 'test')} that fail already are not held against a candidate.`);
  if (coverage.functions === null || coverage.functions < riskLimits.someFunctions)
    says.push(
      'The tests reach only a part of the functions, so of equals the smaller change wins, and a large deletion is a warning.',
    );
  return says.join(' ');
}

function afterCandidates(inputs: readonly Collected[], weights: Template['fitness']): string {
  const all = standings(inputs, weights, unverified);
  const best = bestOf(all);
  if (!best) return 'No candidate keeps every test that passed before, so none is to be delivered.';
  const eligible = all.filter(({ eligible }) => eligible).length;
  const named = `${best.candidate} (${best.strategy})`;
  return eligible === 1
    ? `Deliver candidate ${named}, the only one that is eligible.`
    : `Cross the parts of ${eligible} eligible candidates. Before verifiers' scores count, ${named} is the fittest of them.`;
}

function candidateOrder(inputs: readonly Collected[], weights: Template['fitness']): string[] {
  return standings(inputs, weights, unverified)
    .toSorted((a, b) => (b.fitness ?? -2) - (a.fitness ?? -2) || byCodeUnit(a.item, b.item))
    .map(({ item, fitness }) => `candidate ${item}${fitness === null ? ' (not eligible)' : ''}`);
}

/** Files first, by their findings and how severe they are; then the rules that were broken most. */
function priorityOrder(inputs: readonly Collected[]): string[] {
  const reports = ofKind(inputs, 'code').map(({ report }) => report);
  const files = new Map<string, number>();
  for (const { findings } of reports)
    for (const { file, severity } of findings)
      if (file !== null) files.set(file, (files.get(file) ?? 0) + weight[severity]);
  const rules = reports.flatMap(({ byRule }) => byRule);
  return [
    ...[...files]
      .sort(([a, one], [b, other]) => other - one || byCodeUnit(a, b))
      .slice(0, mostFiles)
      .map(([file]) => `file ${file}`),
    ...rules
      .toSorted((a, b) => b.count - a.count || byCodeUnit(`${a.tool} ${a.rule}`, `${b.tool} ${b.rule}`))
      .slice(0, mostRules)
      .map(({ tool, rule }) => `rule ${tool} ${rule}`),
  ];
}

function allocate(
  { items, parallel, repairs }: WorkGraph,
  budgets: Budgets | undefined,
): Decisions['resourceAllocation'] {
  const work = items.filter(({ kind, category }) => kind === 'agent' && category !== 'analysis');
  return {
    parallel,
    repairs,
    ...(budgets === undefined ? {} : { memoryBytes: budgets.memoryBytes, processes: budgets.processes }),
    items: Object.fromEntries(
      work.map(({ id, agents, timeoutMs }) => [
        id,
        { agent: agents[0]?.id ?? null, backups: agents.length - 1, timeoutMs },
      ]),
    ),
  };
}

/** Of a candidate on which several items work, the first. */
const isCandidateWork = ({ kind, candidate, workspace, repairs }: GraphItem): boolean =>
  kind === 'agent' && candidate !== null && workspace === null && repairs === null;
