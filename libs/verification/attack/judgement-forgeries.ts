import {
  decisions,
  type Judgement,
  judgementSchema,
  type Standing,
} from '../../contracts/reports/synthesis.js';
import { decisionOf, warningLimits } from '../../synthesis/decision.js';
import { changing, type Forgery, forgeriesOf, inventing, withFirst } from './forgery.js';

/** With the decision that follows. */
const decided = (judgement: Judgement): Judgement => ({ ...judgement, decision: decisionOf(judgement) });

const withStanding = (
  judgement: Judgement,
  change: (standing: Standing) => unknown,
  find: (standing: Standing) => boolean = ({ eligible }) => eligible,
): unknown => {
  const standings = withFirst(judgement.standings, change, find);
  return standings && { ...judgement, standings };
};

const withCriterion = (
  judgement: Judgement,
  change: (criterion: Judgement['criteria'][number]) => Judgement['criteria'][number],
): Judgement | undefined => {
  const [first, ...rest] = judgement.criteria;
  return first && { ...judgement, criteria: [change(first), ...rest] };
};

const enough = Array.from({ length: warningLimits.block }, (_, number) => `Warning ${number}.`);

const forgeries: readonly Forgery<Judgement>[] = [
  changing('decision-raised', (judgement) => {
    // Where it could not be better, its grounds are made worse instead.
    const worse: Judgement =
      judgement.decision === 'PROCEED' ? { ...judgement, warnings: enough } : judgement;
    return { ...worse, decision: 'PROCEED' };
  }),
  changing('decision-replaced', (judgement) => ({
    ...judgement,
    decision: decisions.find((decision) => decision !== judgement.decision),
  })),
  changing('criterion-turned', (judgement) =>
    withCriterion({ ...judgement, decision: 'PROCEED' }, (criterion) => ({ ...criterion, met: false })),
  ),
  inventing('criterion-turned-with-its-decision', (judgement) => {
    const turned = withCriterion(judgement, (criterion) => ({ ...criterion, met: !criterion.met }));
    return turned && decided(turned);
  }),
  changing('criterion-without-evidence', (judgement) =>
    withCriterion(judgement, (criterion) => ({ ...criterion, evidence: '' })),
  ),
  changing('work-called-complete-otherwise', (judgement) => {
    const criteria = withFirst(
      judgement.criteria,
      (criterion) => ({ ...criterion, evidence: 'Everything is done.' }),
      ({ id }) => id === 'items.completed',
    );
    return criteria && { ...judgement, criteria };
  }),
  inventing('criterion-with-other-evidence', (judgement) =>
    withCriterion(judgement, (criterion) => ({ ...criterion, evidence: 'Somebody said so.' })),
  ),
  changing('criterion-twice', (judgement) => ({
    ...judgement,
    criteria: [...judgement.criteria, ...judgement.criteria.slice(0, 1)],
  })),
  changing('criterion-dropped', (judgement) => ({
    ...judgement,
    decision: 'PROCEED',
    criteria: judgement.criteria.slice(1),
  })),
  changing('no-criteria', (judgement) => ({ ...judgement, criteria: [] })),
  inventing('warnings-removed', (judgement) =>
    judgement.warnings.length > 0 ? decided({ ...judgement, warnings: [] }) : undefined,
  ),
  inventing('warning-invented', (judgement) =>
    decided({ ...judgement, warnings: [...judgement.warnings, 'A warning that nobody gave.'] }),
  ),
  changing('best-changed', (judgement) => {
    const other = judgement.standings.find(({ candidate }) => candidate !== judgement.best);
    return other && { ...judgement, best: other.candidate };
  }),
  changing('best-hidden', (judgement) =>
    judgement.best === null ? undefined : { ...judgement, best: null },
  ),
  changing('fitness-raised', (judgement) =>
    withStanding(judgement, (standing) => ({ ...standing, fitness: (standing.fitness ?? 0) + 0.01 })),
  ),
  changing('measurements-altered', (judgement) =>
    withStanding(
      judgement,
      ({ measurements, ...standing }) => ({
        ...standing,
        measurements: measurements && {
          ...measurements,
          findings: { ...measurements.findings, after: measurements.findings.after + 1 },
        },
      }),
      ({ measurements }) => measurements !== null,
    ),
  ),
  changing('verifiers-score-altered', (judgement) =>
    withStanding(
      judgement,
      ({ measurements, ...standing }) => ({
        ...standing,
        measurements: measurements && {
          ...measurements,
          verification: { ...measurements.verification, ok: measurements.verification.ok + 1 },
        },
      }),
      ({ measurements }) => measurements !== null,
    ),
  ),
  changing('standing-with-more-passed', (judgement) =>
    withStanding(judgement, (standing) => ({ ...standing, testsPassed: standing.testsPassed + 1 })),
  ),
  changing('standing-hiding-a-broken-test', (judgement) =>
    withStanding(
      judgement,
      (standing) => ({ ...standing, broken: 0, eligible: true, fitness: 1 }),
      ({ broken }) => broken > 0,
    ),
  ),
  changing('standing-called-eligible', (judgement) =>
    withStanding(
      judgement,
      (standing) => ({ ...standing, eligible: true, fitness: 0 }),
      ({ eligible }) => !eligible,
    ),
  ),
  changing('standing-of-another-workspace', (judgement) => {
    const [first] = judgement.standings;
    const other = judgement.standings.find(({ workspace }) => workspace !== first?.workspace);
    return (
      other &&
      withStanding(
        judgement,
        (standing) => ({ ...standing, workspace: other.workspace }),
        () => true,
      )
    );
  }),
  changing('standing-dropped', (judgement) => ({ ...judgement, standings: judgement.standings.slice(1) })),
  changing('standing-invented', (judgement) => ({
    ...judgement,
    standings: [
      ...judgement.standings,
      ...judgement.standings
        .slice(0, 1)
        .map((standing) => ({ ...standing, candidate: 'Z', item: 'nothing' })),
    ],
  })),
  changing('standing-twice', (judgement) => ({
    ...judgement,
    standings: [...judgement.standings, ...judgement.standings.slice(0, 1)],
  })),
  {
    name: 'record-of-another-execution',
    by: 'A',
    // Whose verifiers might have found better of it.
    forge: async ({ judged: { input } }) =>
      input.executeRecord && input.accepted && { input: { ...input, executeRecord: input.accepted } },
  },
];

/** Forgeries of what verify stages. */
export const judgementForgeries = forgeriesOf(judgementSchema, forgeries);
