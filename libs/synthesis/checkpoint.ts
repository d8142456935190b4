import { z } from 'zod';
import type { BarrierItem } from '../contracts/activities.js';
import { architectureReportSchema } from '../contracts/reports/architecture.js';
import type { Checkpoint, Synthesis } from '../contracts/reports/synthesis.js';
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
  return checked(
    synthesis
      ? [
          completed(synthesis, expected),
          agreed(synthesis),
          ...(asked.architecture ? [mapped(synthesis)] : []),
          documented(synthesis, asked),
          decided(synthesis),
        ]
      : [criterion('all-completed', says.completed, false, 'The consolidation has no result.')],
  );
}

/** Checks the items before it by themselves, where nothing consolidates them: everything that was needed completed. */
export function checkpointAlone(
  arrived: readonly Collected[],
  { item, missing }: Pick<BarrierItem, 'item' | 'missing'>,
): Checkpoint {
  const came = unique(arrived.map((one) => one.item));
  const met = missing.length === 0 && came.length > 0;
  const evidence = met
    ? `${came.length} of ${item.after.length}: ${firstOf(came)}.`
    : `Missing: ${firstOf(missing) || 'nothing was expected'}.`;
  return checked([criterion('all-completed', says.completed, met, evidence)]);
}

const checked = (criteria: Criterion[]): Checkpoint => ({
  kind: 'checkpoint',
  criteria,
  passed: criteria.every(({ met }) => met),
});

const says = {
  completed: 'Everything that was waited for has completed.',
  agreed: 'No critical conflict is open.',
  mapped: 'The map of the architecture is complete.',
  documented: 'Risks are written down with their evidence.',
  decided: 'A strategy and an order are decided.',
} as const;

const criterion = (id: string, what: string, met: boolean, evidence: string): Criterion => ({
  id,
  says: what,
  met,
  evidence,
});

function completed({ inputs, missing, notNeeded = [] }: Synthesis, expected: readonly string[]): Criterion {
  const came = new Set(inputs.map(({ item }) => item));
  const lacking = [
    ...new Set([...missing, ...expected.filter((item) => !came.has(item) && !notNeeded.includes(item))]),
  ];
  const met = lacking.length === 0 && expected.length > 0;
  const evidence = met
    ? `${came.size} of ${expected.length}: ${firstOf([...came])}.`
    : `Missing: ${firstOf(lacking) || 'nothing was expected'}.`;
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
