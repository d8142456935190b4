import { z } from 'zod';
import { architectureReportSchema } from '../contracts/reports/architecture.js';
import type { Checkpoint, Lacking, Synthesis } from '../contracts/reports/synthesis.js';
import { type CriterionName, criterionNames } from '../contracts/template.js';
import { decideByMatrix, matrixCritical } from './decision.js';
import { count, firstOf, unique } from './order.js';
import type { Collected } from './report.js';

type Criterion = Checkpoint['criteria'][number];

const mapSchema = z.object({
  components: architectureReportSchema.shape.components,
  unmapped: z.array(z.string()),
});

/** Reports that the consolidation waits for: what they show is a criterion only where one of them is asked for. */
export interface Asked {
  readonly architecture: boolean;
  readonly infrastructure: boolean;
}

/** A consolidation that a checkpoint looks at. */
export interface Consolidated {
  /** What it made; undefined where it has no result. */
  readonly synthesis: Synthesis | undefined;
  /** The items that it waited for. */
  readonly expected: readonly string[];
  readonly asked: Asked;
}

/**
 * Checks a consolidation before the work goes on: everything completed, no critical conflict is open, the map is
 * complete, risks and strategy are written down. Each criterion has its evidence; all must be met.
 *
 * @param synthesis what the consolidation made; undefined where it has no result
 * @param expected the items that the consolidation waited for
 * @param asked Default: both
 */
export function checkpoint(
  synthesis: Synthesis | undefined,
  expected: readonly string[],
  asked: Asked = { architecture: true, infrastructure: true },
): Checkpoint {
  const consolidated = { synthesis, expected, asked };
  if (!synthesis) return allOf([namedCriterion('all-completed', consolidated)]);
  const names = criterionNames.filter((name) => name !== 'architecture-complete' || asked.architecture);
  return allOf(names.map((name) => namedCriterion(name, consolidated)));
}

/** One of the criteria that a template may name, on a consolidation. Without a result of that, none is met. */
export function namedCriterion(name: CriterionName, { synthesis, expected, asked }: Consolidated): Criterion {
  if (!synthesis) return criterion(name, saysOf[name], false, 'The consolidation has no result.');
  switch (name) {
    case 'all-completed':
      return completed(synthesis, expected);
    case 'no-critical-conflict':
      return agreed(synthesis);
    case 'architecture-complete':
      return mapped(synthesis);
    case 'risks-documented':
      return documented(synthesis, asked);
    case 'strategy-defined':
      return decided(synthesis);
  }
}

/** Whether everything completed that a checkpoint waits for itself, where nothing consolidates it. */
export function completedAlone(
  arrived: readonly Collected[],
  after: readonly string[],
  lacking: readonly Lacking[],
): Criterion {
  const came = unique(arrived.map((one) => one.item));
  const met = lacking.every(({ waived }) => waived !== null) && came.length > 0;
  const evidence = met
    ? `${came.length} of ${after.length}: ${firstOf(came)}.${without(lacking)}`
    : `Missing: ${missed(lacking) || 'nothing was expected'}.`;
  return criterion('all-completed', says.completed, met, evidence);
}

/** A checkpoint that passes where every criterion is met. */
export const allOf = (criteria: Criterion[]): Checkpoint => ({
  kind: 'checkpoint',
  criteria,
  passed: criteria.every(({ met }) => met),
});

/** A checkpoint that passes unless the matrix says BLOCK. Without a result that was needed it blocks, too. */
export function byMatrix(criteria: Criterion[]): Checkpoint {
  const open = criteria.filter(({ met }) => !met);
  const blocking: readonly string[] = ['all-completed', ...matrixCritical];
  const critical =
    matrixCritical.every((id) => criteria.some((one) => one.id === id && one.met)) &&
    open.every(({ id }) => id !== 'all-completed');
  const warning = open.filter(({ id }) => !blocking.includes(id));
  const decision = decideByMatrix(
    critical,
    warning.reduce((sum, { warnings = 1 }) => sum + warnings, 0),
  );
  const warnings = warning.map(({ id }) => id);
  return { kind: 'checkpoint', criteria, passed: decision !== 'BLOCK', decision, warnings };
}

/** An item without a result; without a code where nobody said why. */
type Absent = Omit<Lacking, 'code'> & { readonly code: string | null };

/** Those that nobody decided to do without. */
const missed = (lacking: readonly Absent[]): string =>
  firstOf(
    lacking
      .filter(({ waived }) => waived === null)
      .map(({ item, agent, code }) => {
        const why = [agent, code].filter((one) => one !== null).join(', ');
        return why === '' ? item : `${item} (${why})`;
      }),
  );

/** Those that a person decided to do without, as a sentence behind another. */
const without = (lacking: readonly Absent[]): string =>
  lacking
    .flatMap(({ item, waived }) =>
      waived ? ` Without ${item}, as ${waived.by} decided: ${waived.reason}` : [],
    )
    .join('');

const says = {
  completed: 'Everything that was waited for has completed.',
  agreed: 'No critical conflict is open.',
  mapped: 'The map of the architecture is complete.',
  documented: 'Risks are written down with their evidence.',
  decided: 'A strategy and an order are decided.',
} as const;

const saysOf: Readonly<Record<CriterionName, string>> = {
  'all-completed': says.completed,
  'no-critical-conflict': says.agreed,
  'architecture-complete': says.mapped,
  'risks-documented': says.documented,
  'strategy-defined': says.decided,
};

const criterion = (id: string, what: string, met: boolean, evidence: string): Criterion => ({
  id,
  says: what,
  met,
  evidence,
});

function completed(
  { inputs, missing, lacking = [], notNeeded = [] }: Synthesis,
  expected: readonly string[],
): Criterion {
  const came = new Set(inputs.map(({ item }) => item));
  const known = new Map(lacking.map((one) => [one.item, one]));
  const absent = unique([
    ...missing,
    ...expected.filter((item) => !came.has(item) && !notNeeded.includes(item)),
  ]).map((item) => known.get(item) ?? { item, agent: null, code: null, waived: null });
  const met = absent.every(({ waived }) => waived !== null) && expected.length > 0;
  const evidence = met
    ? `${came.size} of ${expected.length}: ${firstOf([...came])}.${without(absent)}`
    : `Missing: ${missed(absent) || 'nothing was expected'}.`;
  return criterion('all-completed', says.completed, met, evidence);
}

function agreed({ synthesis: { conflicts } }: Synthesis): Criterion {
  const open = conflicts.filter(({ severity, resolution }) => severity === 'critical' && resolution === null);
  const evidence =
    open.length > 0
      ? open.map(({ between, about }) => `${between.join(', ')}: ${about}`).join(' ')
      : `${count(conflicts.length, 'conflict')}, none of them critical and open.`;
  return criterion('no-critical-conflict', says.agreed, open.length === 0, evidence);
}

/** Complete: there are components with files, and every file of the library belongs to one. */
function mapped({ synthesis: { architectureMap } }: Synthesis): Criterion {
  const parsed = mapSchema.safeParse(architectureMap);
  const { components, unmapped } = parsed.success ? parsed.data : { components: [], unmapped: [] };
  const empty = components.filter(({ files }) => files === 0).map(({ name }) => name);
  const met = components.length > 0 && unmapped.length === 0 && empty.length === 0;
  const evidence = met
    ? `${count(components.length, 'component')} with ${count(
        components.reduce((sum, { files }) => sum + files, 0),
        'file',
      )}; every file of the library is in one of them.`
    : components.length === 0
      ? 'The map has no components.'
      : `Not on the map, or empty: ${firstOf([...unmapped, ...empty])}.`;
  return criterion('architecture-complete', says.mapped, met, evidence);
}

/** Written down: each risk has evidence, and what the infrastructure says of tests and licences was looked at. */
function documented(
  { synthesis: { riskAssessment, infrastructureState } }: Synthesis,
  asked: Asked,
): Criterion {
  const bare = riskAssessment.filter(({ evidence }) => evidence.trim() === '').map(({ risk }) => risk);
  const looked = !asked.infrastructure || Object.keys(infrastructureState).length > 0;
  const met = bare.length === 0 && looked;
  const evidence = met
    ? `${count(riskAssessment.length, 'risk')}, each with evidence.`
    : looked
      ? `Without evidence: ${firstOf(bare)}.`
      : 'No report on the infrastructure, so its risks are not known.';
  return criterion('risks-documented', says.documented, met, evidence);
}

function decided({ decisions, synthesis: { codePatterns } }: Synthesis): Criterion {
  const { implementationStrategy, priorityOrder } = decisions;
  const ordered = priorityOrder.length > 0 || codePatterns.length === 0;
  const met = implementationStrategy.trim() !== '' && ordered;
  const evidence = met
    ? `${implementationStrategy} First: ${firstOf(priorityOrder, 3) || 'nothing was found'}.`
    : 'There is no strategy or no order.';
  return criterion('strategy-defined', says.decided, met, evidence);
}
