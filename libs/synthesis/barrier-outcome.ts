import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { BarrierItem } from '../contracts/activities.js';
import type { GraphItem } from '../contracts/graph.js';
import { acceptedRequestSchema, assignmentSchema } from '../contracts/phase.js';
import type { Checkpoint, Synthesis } from '../contracts/reports/synthesis.js';
import { type CriterionName, type Template, templateSchema, type Work } from '../contracts/template.js';
import { isNotNeeded } from '../graph/not-needed.js';
import { bodyOf, expectedReport } from '../templates/expected-report.js';
import { barrierFacts } from './barrier-facts.js';
import {
  allOf,
  byMatrix,
  type Consolidated,
  checkpoint,
  completedAlone,
  namedCriterion,
} from './checkpoint.js';
import { consolidate } from './consolidate.js';
import { customCriterion } from './custom-criterion.js';
import { finalReport } from './final/final-report.js';
import { lackingOf } from './lacking.js';
import { readResults } from './read-results.js';
import { type Collected, ofKind } from './report.js';

type Barrier = Omit<BarrierItem, 'run'>;
type Criterion = Checkpoint['criteria'][number];

/**
 * What a consolidation makes of the results before it.
 *
 * @throws HeptadError `InputInvalid` an outcome does not keep to its contract; `ArtifactUnknown`, `ArtifactCorrupt`
 */
export async function consolidationOutcome(store: ArtifactStore, barrier: Barrier): Promise<Synthesis> {
  const { item, unfinished } = barrier;
  const { arrived, graph, budgets, template, captured, input } = await read(store, barrier);
  const lacking = lackingOf(unfinished, graph);
  const synthesis = consolidate({
    phase: `${item.category}_consolidation`,
    arrived,
    missing: lacking.map((one) => one.item),
    lacking,
    notNeeded: unfinished.filter(isNotNeeded).map((one) => one.item),
    graph,
    budgets,
    weights: template.fitness,
  });
  const work = workOf(template, item.body);
  return work.kind === 'consolidation' && work.scope === 'final'
    ? { ...synthesis, final: finalReport({ arrived, synthesis, graph, captured: captured.snapshot, input }) }
    : synthesis;
}

/**
 * What a checkpoint finds of the items before it, by the criteria that its template names. It never passes where a
 * result is missing that nobody waived, whatever the criteria look at.
 *
 * @throws HeptadError as {@link consolidationOutcome} does
 */
export async function checkpointOutcome(store: ArtifactStore, barrier: Barrier): Promise<Checkpoint> {
  const { arrived, graph, template, input } = await read(store, barrier);
  const { item, results, unfinished } = barrier;
  const { items } = graph;
  const consolidated = consolidatedOf({ arrived, items, template, barrier });
  const alone = completedAlone(arrived, item.after, lackingOf(unfinished, graph));
  const work = workOf(template, item.body);
  const wanted = work.kind === 'checkpoint' ? work.criteria : undefined;
  if (!wanted) {
    const found = consolidated
      ? checkpoint(consolidated.synthesis, consolidated.expected, consolidated.asked)
      : allOf([alone]);
    return decided(found.criteria, work);
  }
  const lookup = barrierFacts({ item, items, arrived, results, unfinished, input });
  const criteria = wanted.map((one) =>
    typeof one === 'string' ? named(one, consolidated, alone) : customCriterion(one, lookup),
  );
  const complete = [alone, ...(consolidated ? [namedCriterion('all-completed', consolidated)] : [])];
  const incomplete = complete.find(({ met }) => !met);
  const isAsked = criteria.some(({ id, met }) => id === 'all-completed' && !met);
  return decided(incomplete && !isAsked ? [incomplete, ...criteria.filter(isOther)] : criteria, work);
}

const isOther = ({ id }: Criterion): boolean => id !== 'all-completed';

const decided = (criteria: Criterion[], work: Work): Checkpoint =>
  work.kind === 'checkpoint' && work.decides === 'matrix' ? byMatrix(criteria) : allOf(criteria);

function named(name: CriterionName, consolidated: Consolidated | undefined, alone: Criterion): Criterion {
  if (consolidated) return namedCriterion(name, consolidated);
  if (name === 'all-completed') return alone;
  return namedCriterion(name, { ...nothing, expected: [] });
}

const nothing = { synthesis: undefined, asked: { architecture: true, infrastructure: true } };

interface Surroundings {
  readonly arrived: readonly Collected[];
  readonly items: readonly GraphItem[];
  readonly template: Template;
  readonly barrier: Barrier;
}

/** The consolidation that a checkpoint waits for; undefined where it waits for none. */
function consolidatedOf({ arrived, items, template, barrier }: Surroundings): Consolidated | undefined {
  const { item, unfinished } = barrier;
  const spared = new Set(unfinished.filter(isNotNeeded).map((one) => one.item));
  const consolidation = items.find(
    ({ id, kind }) => kind === 'consolidation' && item.after.includes(id) && !spared.has(id),
  );
  if (!consolidation) return undefined;
  const expected = consolidation.after;
  const asked = new Set(
    items
      .filter(({ id }) => expected.includes(id))
      .map(({ body }) => expectedReport(template, bodyOf(template, body)).name),
  );
  const found = ofKind(arrived, 'synthesis').find((one) => one.item === consolidation.id);
  return {
    synthesis: found?.report,
    expected,
    asked: { architecture: asked.has('architecture'), infrastructure: asked.has('infrastructure') },
  };
}

const workOf = (template: Template, body: string): Work => bodyOf(template, body).work;

async function read(
  store: ArtifactStore,
  { accepted, assignment: assignmentRef, results, added = [] }: Barrier,
) {
  const [{ request, captured }, assignment] = await Promise.all([
    store.getJson(accepted.digest, acceptedRequestSchema),
    store.getJson(assignmentRef.digest, assignmentSchema),
  ]);
  const template = await store.getJson(request.template.digest, templateSchema);
  const plan = assignment.graph;
  const planned = new Set(plan.items.map(({ id }) => id));
  const graph = { ...plan, items: [...plan.items, ...added.filter(({ id }) => !planned.has(id))] };
  const arrived = await readResults(store, results, graph.items, template);
  return { arrived, graph, budgets: assignment.budgets, template, captured, input: request.input };
}
