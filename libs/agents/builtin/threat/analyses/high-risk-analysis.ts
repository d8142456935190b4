import type { HighRiskAnalysis } from '../../../../contracts/reports/threat.js';
import { byCodeUnit } from '../../subject/order.js';
import type { Description } from '../description/description.js';
import { attackGraph, internet } from '../graph/attack-graph.js';
import { minimumCut } from '../graph/minimum-cut.js';
import type { Outcomes } from '../outcomes.js';
import { rounded } from './conclude.js';

/** Critical findings that are listed. */
const most = 100;

/** A measure, its days of work, and the paths that it cuts, by their numbers. */
interface Measure {
  readonly measure: string;
  readonly days: number;
  readonly paths: ReadonlySet<number>;
}

/**
 * The measures that cut the attack paths, by what they cut per day of work.
 *
 * @throws TaskFailure InputInvalid: the assessment or the attack paths are not among the inputs
 */
export function analyseHighRisk(description: Description, outcomes: Outcomes): HighRiskAnalysis {
  const assessment = outcomes.get('risk-assessment');
  const { targets } = outcomes.get('attack-path-analyzer');
  const paths = targets.flatMap((target) => target.paths);
  const measures = measuresOf(paths.map(({ steps }) => steps));
  const graph = attackGraph(description);
  const pipes = graph.mapEdges((_edge, { days, measure }, from, to) => ({
    from,
    to,
    capacity: days,
    measure,
  }));
  const plan = planOf(measures, paths.length);
  return {
    kind: 'high-risk-analysis',
    risk_level: assessment.risk_level,
    paths: paths.length,
    measures: measures.map((measure) => shown(measure, measure.paths.size)).sort(byWorth),
    plan,
    planDays: plan.reduce((sum, { days }) => sum + days, 0),
    cuts: targets
      .filter(({ service, effort }) => effort !== null && graph.hasNode(service))
      .map(({ service }) => {
        const { value, cut } = minimumCut(pipes, internet, service);
        const names = cut.map(({ from, to }) => graph.getEdgeAttribute(from, to, 'measure'));
        return { service, days: value, measures: [...new Set(names)] };
      }),
    critical: outcomes
      .findings()
      .filter(({ severity }) => severity === 'critical')
      .slice(0, most),
  };
}

function measuresOf(
  paths: readonly (readonly { readonly measure: string; readonly days: number }[])[],
): Measure[] {
  const found = new Map<string, { days: number; paths: Set<number> }>();
  for (const [number, steps] of paths.entries())
    for (const { measure, days } of steps) {
      const known = found.get(measure) ?? { days, paths: new Set<number>() };
      known.paths.add(number);
      found.set(measure, known);
    }
  return [...found].map(([measure, one]) => ({ measure, ...one }));
}

const shown = ({ measure, days }: Measure, cuts: number) => ({
  measure,
  days,
  cuts,
  cutsPerDay: rounded(cuts / days, 3),
});
type Shown = ReturnType<typeof shown>;

const byWorth = (a: Shown, b: Shown): number =>
  b.cutsPerDay - a.cutsPerDay || a.days - b.days || byCodeUnit(a.measure, b.measure);

/** Takes again and again the measure that cuts most of what is left per day, until nothing is. */
function planOf(measures: readonly Measure[], paths: number): HighRiskAnalysis['plan'] {
  const left = new Set(Array.from({ length: paths }, (_, number) => number));
  const plan: HighRiskAnalysis['plan'] = [];
  while (left.size > 0) {
    const [best] = measures
      .map((measure) => ({
        measure,
        says: shown(measure, [...measure.paths].filter((path) => left.has(path)).length),
      }))
      .filter(({ says }) => says.cuts > 0)
      .sort((a, b) => byWorth(a.says, b.says));
    if (best === undefined) break;
    for (const number of best.measure.paths) left.delete(number);
    plan.push({ ...best.says, left: left.size });
  }
  return plan;
}
