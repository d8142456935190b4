import { executionSchema } from '../../contracts/phase.js';
import { type Synthesis, synthesisSchema } from '../../contracts/reports/synthesis.js';
import { readInput } from '../read-input.js';
import { changing, type Forgery, forgeriesOf, inventing, type Material, withFirst } from './forgery.js';

type Made = Material<Synthesis>;
type Conflict = Synthesis['synthesis']['conflicts'][number];

const withInputs = (synthesis: Synthesis, inputs: readonly unknown[] | undefined): unknown =>
  inputs && { ...synthesis, inputs };

const withFound = (synthesis: Synthesis, changes: object): unknown => ({
  ...synthesis,
  synthesis: { ...synthesis.synthesis, ...changes },
});

const withDecisions = (synthesis: Synthesis, changes: object): unknown => ({
  ...synthesis,
  decisions: { ...synthesis.decisions, ...changes },
});

const withConflict = (synthesis: Synthesis, changes: Partial<Conflict>): unknown => {
  const invented: Conflict = {
    between: synthesis.inputs.slice(0, 2).map(({ item }) => item),
    about: 'They count differently.',
    severity: 'major',
    resolution: 'The first is right.',
  };
  return withFound(synthesis, {
    conflicts: [...synthesis.synthesis.conflicts, { ...invented, ...changes }],
  });
};

const forgeries: readonly Forgery<Synthesis>[] = [
  changing('input-dropped', (synthesis) => withInputs(synthesis, synthesis.inputs.slice(1))),
  changing('inputs-emptied', (synthesis) => withInputs(synthesis, [])),
  changing('input-twice', (synthesis) =>
    withInputs(synthesis, [...synthesis.inputs, ...synthesis.inputs.slice(0, 1)]),
  ),
  changing('input-of-no-result', (synthesis) =>
    withInputs(synthesis, [
      ...synthesis.inputs,
      ...synthesis.inputs.slice(0, 1).map((input) => ({ ...input, item: 'nothing' })),
    ]),
  ),
  changing('input-with-another-outcome', (synthesis) => {
    const other = synthesis.inputs.find(({ outcome }) => outcome !== synthesis.inputs[0]?.outcome);
    return (
      other &&
      withInputs(
        synthesis,
        withFirst(synthesis.inputs, (input) => ({ ...input, outcome: other.outcome })),
      )
    );
  }),
  changing('input-of-another-agent', async (synthesis, { judged }: Made) => {
    const { results } = await readInput(judged, 'executed', executionSchema);
    const byAgent = new Set(results.filter(({ agent }) => agent).map(({ item }) => item));
    return withInputs(
      synthesis,
      withFirst(
        synthesis.inputs,
        (input) => ({ ...input, agent: 'somebody.else' }),
        ({ item }) => byAgent.has(item),
      ),
    );
  }),
  inventing('inputs-in-another-order', (synthesis) =>
    synthesis.inputs.length > 1 ? withInputs(synthesis, synthesis.inputs.toReversed()) : undefined,
  ),
  changing('missing-hidden', (synthesis) =>
    synthesis.missing.length > 0 ? { ...synthesis, missing: synthesis.missing.slice(1) } : undefined,
  ),
  changing('missing-invented', (synthesis) => ({ ...synthesis, missing: [...synthesis.missing, 'nothing'] })),
  changing('input-called-missing', (synthesis) => {
    const [first] = synthesis.inputs;
    return first && { ...synthesis, missing: [...synthesis.missing, first.item] };
  }),
  inventing('conflict-settled-silently', (synthesis) => {
    const conflicts = withFirst(
      synthesis.synthesis.conflicts,
      (conflict) => ({ ...conflict, resolution: 'It was looked at.' }),
      ({ resolution }) => resolution === null,
    );
    return conflicts && withFound(synthesis, { conflicts });
  }),
  inventing('conflict-dropped', (synthesis) => {
    const { conflicts } = synthesis.synthesis;
    return conflicts.length > 0 ? withFound(synthesis, { conflicts: conflicts.slice(1) }) : undefined;
  }),
  inventing('conflict-played-down', (synthesis) => {
    const conflicts = withFirst(
      synthesis.synthesis.conflicts,
      (conflict) => ({ ...conflict, severity: 'info', resolution: conflict.resolution ?? 'It is nothing.' }),
      ({ severity }) => severity !== 'info',
    );
    return conflicts && withFound(synthesis, { conflicts });
  }),
  inventing('conflict-invented', (synthesis) => withConflict(synthesis, {})),
  changing('conflict-between-nobody', (synthesis) => withConflict(synthesis, { between: [] })),
  changing('conflict-left-open', (synthesis) => withConflict(synthesis, { resolution: null })),
  inventing('risk-dropped', (synthesis) => {
    const { riskAssessment } = synthesis.synthesis;
    return riskAssessment.length > 0
      ? withFound(synthesis, { riskAssessment: riskAssessment.slice(1) })
      : undefined;
  }),
  inventing('risk-invented', (synthesis) =>
    withFound(synthesis, {
      riskAssessment: [
        ...synthesis.synthesis.riskAssessment,
        { risk: 'A risk that nobody found.', severity: 'minor', evidence: 'None.' },
      ],
    }),
  ),
  inventing('pattern-counted-less', (synthesis) => {
    const codePatterns = withFirst(synthesis.synthesis.codePatterns, (pattern) => ({
      ...pattern,
      count: pattern.count - 1,
    }));
    return codePatterns && withFound(synthesis, { codePatterns });
  }),
  inventing('dependency-invented', (synthesis) =>
    withFound(synthesis, {
      dependencies: [...synthesis.synthesis.dependencies, { name: 'nothing', license: 'MIT', usedBy: [] }],
    }),
  ),
  inventing('map-emptied', (synthesis) =>
    Object.keys(synthesis.synthesis.architectureMap).length > 0
      ? withFound(synthesis, { architectureMap: {} })
      : undefined,
  ),
  inventing('infrastructure-embellished', (synthesis) =>
    withFound(synthesis, {
      infrastructureState: { ...synthesis.synthesis.infrastructureState, secrets: -1 },
    }),
  ),
  inventing('strategy-replaced', (synthesis) =>
    withDecisions(synthesis, { implementationStrategy: 'Take the first candidate.' }),
  ),
  inventing('order-reversed', (synthesis) => {
    const { priorityOrder } = synthesis.decisions;
    return withDecisions(synthesis, {
      priorityOrder: priorityOrder.length > 1 ? priorityOrder.toReversed() : [...priorityOrder, 'nothing'],
    });
  }),
  inventing('synthesis-of-another-consolidation', (synthesis) => ({ ...synthesis, phase: 'another' })),
];

/** Forgeries of what coordinate stages. */
export const synthesisForgeries = forgeriesOf(synthesisSchema, forgeries);
