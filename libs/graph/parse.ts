import type { AgentRef, GraphItem, WorkGraph } from '../contracts/graph.js';
import type { Template } from '../contracts/template.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { factIn } from '../templates/fact-in.js';
import { substitute } from './conditions/substitute.js';
import { expandTemplate } from './expand.js';
import { needsAgent } from './needs-agent.js';

/** The agents of each expanded item, best first, by the item's id. */
export type Agents = Readonly<Record<string, readonly AgentRef[]>>;

/**
 * Compiles a template to the compact graph that the workflow interprets. Facts of the input are put into conditions
 * here, so the workflow needs no input.
 *
 * @param input the run's input
 * @throws HeptadError `InputInvalid` with every problem of the template
 * @throws HeptadError `NoAgent` with every item that has no agent
 */
export function compileGraph(
  template: Template,
  agents: Agents,
  input: Readonly<Record<string, unknown>> = {},
): WorkGraph {
  const planned = expandTemplate(template);
  const lacking: Problem[] = planned
    .filter(({ id, kind }) => needsAgent(kind) && (agents[id] ?? []).length === 0)
    .map(({ id, capability, agent }) => ({
      path: `/${id}`,
      reason: `No agent was chosen for it; it asks for ${capability ?? agent}.`,
    }));
  if (lacking.length > 0)
    throw new HeptadError(
      'NoAgent',
      `These items have no agent: ${lacking.map(({ path }) => path.slice(1)).join(', ')}.`,
      { problems: lacking },
    );
  return {
    items: planned.map(({ capability: _, agent: __, ...item }) => ({
      ...withInput(item, input),
      agents: needsAgent(item.kind) ? [...(agents[item.id] ?? [])] : [],
    })),
    parallel: template.parallel,
    repairs: template.repairs,
    ...consumesOf(template),
  };
}

/** A condition of which the input decided that it never holds. */
const never = { op: '==', left: { value: true }, right: { value: false } } as const;

function withInput<Item extends Pick<GraphItem, 'rules'>>(
  item: Item,
  input: Readonly<Record<string, unknown>>,
): Item {
  const condition = item.rules?.condition;
  if (condition === undefined) return item;
  const reduced = substitute(condition, 'input', ([, ...names]) => factIn(input, names));
  if (reduced.kind === 'open') return { ...item, rules: { ...item.rules, condition: reduced.expression } };
  if (reduced.verdict !== true) return { ...item, rules: { ...item.rules, condition: never } };
  const { condition: _, ...rules } = item.rules ?? {};
  return { ...item, rules };
}

function consumesOf({ consumers }: Template): Pick<WorkGraph, 'consumes'> {
  if (consumers.length === 0) return {};
  const results = consumers.flatMap(({ consumes }) =>
    consumes.kind === 'result' && consumes.gather === 'each' ? [consumes.category] : [],
  );
  return { consumes: [...new Set(results)].sort() };
}
