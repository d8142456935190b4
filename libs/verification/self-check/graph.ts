import { canonicalJson } from '../../artifacts/canonical-json.js';
import type { GraphItem, WorkGraph } from '../../contracts/graph.js';
import { needsAgent } from '../../graph/needs-agent.js';
import { referenceProblems } from '../../graph/references.js';
import { partsOf } from '../../graph/split.js';

/** What is wrong with a graph in itself: ids, references, circles, workspaces, agents. */
export function graphProblems({ items }: WorkGraph): string[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const problems = referenceProblems(items).map(({ reason }) => reason);
  for (const item of items) {
    const { id, kind, agents, workspace, after, repairs } = item;
    if (needsAgent(kind) && agents.length === 0) problems.push(`${id} has no agent.`);
    if (!needsAgent(kind) && agents.length > 0) problems.push(`${id} is a barrier and has an agent.`);
    if (workspace !== null && !after.includes(workspace))
      problems.push(`${id} works on what ${workspace} hands back, but does not wait for it.`);
    if (repairs !== null && !byId.has(repairs))
      problems.push(`${id} repairs ${repairs}, which is not an item.`);
  }
  return problems;
}

/**
 * What is wrong with a graph as the growth of another: each item that was planned is there, unchanged but for a
 * barrier that waits for more, and what was added are repairs within their budget and what validates them, parts of an
 * item that may be divided, and work for discoveries, which `admissions.ts` looks at.
 */
export function growthProblems(planned: WorkGraph, grown: WorkGraph): string[] {
  const problems: string[] = [];
  const now = new Map(grown.items.map((item) => [item.id, item]));
  for (const item of planned.items) {
    const found = now.get(item.id);
    if (!found) problems.push(`The planned item ${item.id} is gone.`);
    else if (!isSameItem(item, found)) problems.push(`The item ${item.id} is not as it was planned.`);
  }
  const old = new Set(planned.items.map(({ id }) => id));
  const added = grown.items.filter(
    (item) => !old.has(item.id) && !isPart(item, now) && !item.rules?.discovered,
  );
  const repairs = new Set(added.filter((item) => item.repairs !== null).map(({ id }) => id));
  for (const { id, repairs: repaired, workspace } of added)
    if (repaired === null && !(workspace !== null && repairs.has(workspace)))
      problems.push(`The item ${id} was added, and neither repairs an item nor validates a repair.`);
  if (grown.parallel !== planned.parallel)
    problems.push(`${grown.parallel} items at once are not the ${planned.parallel} that were planned.`);
  if (canonicalJson(grown.consumes ?? null) !== canonicalJson(planned.consumes ?? null))
    problems.push('The categories whose results make more work are not those that were planned.');
  if (grown.repairs + repairs.size !== planned.repairs)
    problems.push(
      `${repairs.size} repairs and ${grown.repairs} left are not the ${planned.repairs} that were planned.`,
    );
  return problems;
}

/** Whether an item is a part of another one, as that one is divided. */
function isPart(item: GraphItem, items: ReadonlyMap<string, GraphItem>): boolean {
  const { standby } = item.rules ?? {};
  const whole = standby?.as === 'part' ? items.get(standby.for) : undefined;
  if (!whole?.rules?.onFailure?.includes('split')) return false;
  return partsOf(whole).some((part) => canonicalJson(part) === canonicalJson(item));
}

function isSameItem(planned: GraphItem, grown: GraphItem): boolean {
  const after = grown.after.slice(0, planned.after.length);
  const grew = grown.after.length > planned.after.length;
  if (grew && planned.kind === 'agent') return false;
  return canonicalJson({ ...grown, after }) === canonicalJson(planned);
}
