import type {
  AttackPathAnalyzer,
  AttackStep,
  AttackTarget,
  Classification,
} from '../../../../contracts/reports/threat.js';
import { classifications } from '../../../../contracts/reports/threat.js';
import { byCodeUnit } from '../../subject/order.js';
import type { Description } from '../description/description.js';
import { type AttackGraph, attackGraph, internet, isExposed, usedBy } from '../graph/attack-graph.js';
import { cheapestPaths } from '../graph/cheapest-paths.js';
import { disjointPaths } from '../graph/minimum-cut.js';
import { reachable } from '../graph/reachable.js';
import type { Severity } from '../severity.js';
import { conclude, Findings } from './conclude.js';

/** Targets whose paths are looked for; those with the most sensitive data come first. */
const mostTargets = 50;

/** What a target counts by the highest class of its data. The reference page `threat-assessment` repeats it. */
const worth: Readonly<Record<Classification | 'unknown', number>> = {
  restricted: 1,
  confidential: 0.8,
  unknown: 0.6,
  internal: 0.4,
  public: 0.1,
};

/** How one gets from the internet to sensitive data. `paths`: how many are listed per target. */
export function analyseAttackPaths(description: Description, paths: number): AttackPathAnalyzer {
  const { services, dangling } = description;
  const findings = new Findings('attack-path-analyzer');
  const graph = attackGraph(description);
  const wanted = targetsOf(description);
  const targets = wanted.slice(0, mostTargets).map((one) => analyseTarget(graph, one, paths));
  let worst = 0;
  for (const { service, classification, effort, paths: own, chokePoints } of targets) {
    const place = services.find(({ name }) => name === service)?.place ?? null;
    const risk = riskOf(classification, effort);
    worst = Math.max(worst, risk);
    const [first] = own;
    if (first === undefined) continue;
    findings.add(
      'attack-path',
      severityOf(risk),
      place,
      `${service} can be reached with effort ${effort}: ${[internet, ...first.steps.map(({ to }) => to)].join(' > ')}.`,
    );
    if (chokePoints.length > 0)
      findings.add(
        'choke-point',
        'info',
        place,
        `Every path to ${service} goes through ${chokePoints.join(', ')}.`,
      );
  }
  const unclassified = wanted.filter(({ classification }) => classification === null).length;
  const unread = description.unread.filter(({ format }) => format === 'infrastructure').length;
  return {
    kind: 'attack-path-analyzer',
    ...conclude(
      findings.all,
      {
        checked: services.length + wanted.length - unclassified,
        unchecked: unclassified + unread + dangling.length + Math.max(0, wanted.length - mostTargets),
      },
      worst,
    ),
    entries: services.filter(isExposed).map(({ name }) => name),
    targets,
  };
}

interface Target {
  readonly service: string;
  readonly classification: Classification | null;
}

/** Services that keep data: with the highest class that is said, or none where they are stores by their image alone. */
function targetsOf({ services, data }: Description): Target[] {
  const rank = (one: Classification | null): number => (one === null ? 1.5 : classifications.indexOf(one));
  return services
    .flatMap(({ name, role }): Target[] => {
      const kept = (data?.classes ?? []).filter(({ storedIn }) => storedIn.includes(name));
      const [highest] = kept
        .map(({ classification }) => classification)
        .toSorted((a, b) => rank(b) - rank(a));
      if (highest !== undefined) return [{ service: name, classification: highest }];
      return role === 'store' ? [{ service: name, classification: null }] : [];
    })
    .toSorted((a, b) => rank(b.classification) - rank(a.classification) || byCodeUnit(a.service, b.service));
}

function analyseTarget(graph: AttackGraph, { service, classification }: Target, most: number): AttackTarget {
  const paths = cheapestPaths(graph, internet, service, most);
  const edges = graph.mapEdges((_edge, _step, from, to) => ({ from, to }));
  return {
    service,
    classification,
    effort: paths[0]?.effort ?? null,
    distinct: paths.length === 0 ? 0 : disjointPaths(edges, internet, service),
    chokePoints: chokePoints(graph, paths[0]?.nodes ?? [], service),
    paths: paths.map(({ nodes, effort }) => ({
      effort,
      steps: nodes.slice(1).map((to, index) => stepOf(graph, nodes[index] ?? internet, to)),
    })),
  };
}

function stepOf(graph: AttackGraph, from: string, to: string): AttackStep {
  const { kind, effort, days, measure } = graph.getEdgeAttributes(from, to);
  return { from, to, by: usedBy(kind), effort, measure, days };
}

/** Of the nodes of one path those without which no path is left; what is on every path is on this one too. */
const chokePoints = (graph: AttackGraph, nodes: readonly string[], target: string): string[] =>
  nodes
    .filter((node) => node !== internet && node !== target)
    .filter(
      (node) =>
        !reachable(internet, (one) => graph.outNeighbors(one).filter((next) => next !== node)).includes(
          target,
        ),
    )
    .toSorted(byCodeUnit);

/** 100 for effort 1 to restricted data, and half of it for every 3 of effort more. */
function riskOf(classification: Classification | null, effort: number | null): number {
  if (effort === null) return 0;
  return 100 * worth[classification ?? 'unknown'] * 2 ** (-(effort - 1) / 3);
}

const severityOf = (risk: number): Severity =>
  risk >= 75 ? 'critical' : risk >= 40 ? 'major' : risk >= 15 ? 'minor' : 'info';
