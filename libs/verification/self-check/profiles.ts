import { agentManifestSchema } from '../../contracts/agent.js';
import type { Assignment, GrantedProfile } from '../../contracts/phase.js';
import { millisecondsOf, type Template, type TemplateBudget } from '../../contracts/template.js';
import { budgetOf } from '../../templates/budget-of.js';
import type { Judged } from '../judged.js';

const mebibyte = 1024 * 1024;

/**
 * Whether each budget of the template is granted, with no more than it says, nor memory than its agents' manifests
 * allow, and nothing else is.
 *
 * @returns what is not so, as sentences
 */
export async function profileProblems(
  judged: Judged,
  assignment: Assignment,
  template: Template,
): Promise<string[]> {
  const { profiles = {}, capacity } = assignment;
  const problems: string[] = [];
  const budgets = new Map<string, TemplateBudget>();
  for (const body of [...template.items, ...template.consumers]) {
    const budget = budgetOf(template, body);
    if (budget) budgets.set(body.id, budget);
  }
  for (const id of Object.keys(profiles))
    if (!budgets.has(id)) problems.push(`${id} is granted a profile, and has no budget.`);
  if (budgets.size > 0 !== (capacity !== undefined))
    problems.push(
      capacity
        ? 'A capacity is stated, and nothing has a budget.'
        : 'The capacity of the machine is not stated.',
    );
  for (const [id, budget] of budgets) {
    const granted = profiles[id];
    if (!granted) problems.push(`${id} has a budget, and is granted no profile.`);
    else problems.push(...boundProblems(id, granted, budget, await memoryOf(judged, assignment, id)));
  }
  return problems;
}

function boundProblems(
  id: string,
  granted: GrantedProfile,
  budget: TemplateBudget,
  manifests: number,
): string[] {
  const { cpu_percent, memory_mb, time } = budget;
  const bounds: [string, number | undefined, number | undefined][] = [
    ['percent of the processors', granted.cpuPercent, cpu_percent],
    [
      'bytes of memory',
      granted.memoryBytes,
      memory_mb === undefined ? undefined : Math.min(memory_mb * mebibyte, manifests),
    ],
    ['ms of time', granted.wallMs, time === undefined ? undefined : millisecondsOf(time)],
  ];
  return bounds.flatMap(([what, given, most]) => {
    if (given === undefined && most === undefined) return [];
    if (given === undefined) return [`${id} is granted no bound in ${what}, but has a budget of ${most}.`];
    if (most === undefined) return [`${id} is granted ${given} ${what}, of which its budget does not speak.`];
    return given > most ? [`${id} is granted ${given} ${what}, of at most ${most}.`] : [];
  });
}

/** The largest memory of the agents of what is made from an item or a consumer of the template. */
async function memoryOf({ store }: Judged, { items, graph }: Assignment, body: string): Promise<number> {
  const own = new Set([body, ...graph.items.flatMap((item) => (item.body === body ? item.id : []))]);
  const agents = items.flatMap((item) => (own.has(item.item) ? item.agents : []));
  const manifests = await Promise.all(
    agents.map(({ manifest }) => store.getJson(manifest, agentManifestSchema)),
  );
  return Math.max(0, ...manifests.map(({ profile }) => profile.memoryBytes));
}
