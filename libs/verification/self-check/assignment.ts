import { agentManifestSchema } from '../../contracts/agent.js';
import { type Assignment, acceptedRequestSchema } from '../../contracts/phase.js';
import { templateSchema } from '../../contracts/template.js';
import type { Body } from '../../templates/expected-report.js';
import { type CheckList, faultOf } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';
import { controlFileProblems } from './control-files.js';
import { dependencyProblems } from './dependencies.js';
import { graphProblems } from './graph.js';
import { profileProblems } from './profiles.js';

/** Pass A of assign: every agent item has agents that exist and can do it, and the graph can be worked off. */
export async function checkAssignment(
  judged: Judged,
  checks: CheckList,
  assignment: Assignment,
): Promise<void> {
  const { graph } = assignment;
  checks.problems('graph-sound', `${graph.items.length} items, each reachable.`, graphProblems(graph));
  await checks.attempt(
    'items-assigned',
    'Each item for an agent has agents with its capability.',
    async (problems) => {
      const accepted = await readInput(judged, 'accepted', acceptedRequestSchema);
      const template = await judged.store.getJson(accepted.request.template.digest, templateSchema);
      const bodies = new Map<string, Body>(
        [...template.items, ...template.consumers].map((body) => [body.id, body]),
      );
      for (const item of graph.items) {
        const body = bodies.get(item.body);
        if (!body) problems.push(`${item.id} is made from ${item.body}, which the template does not have.`);
        else if (body.work.kind !== item.kind)
          problems.push(`${item.id} is a ${item.kind}, but the template says ${body.work.kind}.`);
        else if (item.kind === 'agent')
          problems.push(...(await agentProblems(judged, assignment, item, body)));
      }
    },
  );
  await checks.attempt(
    'budgets-granted',
    'What has a budget is granted a profile within it and within the manifests of its agents.',
    async (problems) => {
      const accepted = await readInput(judged, 'accepted', acceptedRequestSchema);
      const template = await judged.store.getJson(accepted.request.template.digest, templateSchema);
      problems.push(...(await profileProblems(judged, assignment, template)));
    },
  );
  await checks.attempt(
    'control-files-told',
    'Each step and open item of the control files is told as it is written, and leads to the work that is named.',
    async (problems) => {
      problems.push(...(await controlFileProblems(judged, assignment)));
    },
  );
  checks.problems(
    'health-told',
    'The health of each assigned agent is stated, and none of them is failing.',
    assignment.items.flatMap(({ item, agents }) =>
      agents.flatMap(({ id }) => {
        const health = assignment.health[id];
        if (health === undefined) return [`The health of ${id}, assigned to ${item}, is not stated.`];
        return health === 'failing' ? [`${id} is failing, and was assigned to ${item}.`] : [];
      }),
    ),
  );
  await checks.attempt(
    'dependencies-locked',
    'The installed packages are those of the lock, which is one for the subject and its test plan.',
    async (problems) => {
      problems.push(...(await dependencyProblems(judged, assignment)));
    },
  );
  checks.problems(
    'probes-passed',
    `${assignment.probes.length} probes started their driver.`,
    assignment.probes
      .filter(({ ok }) => !ok)
      .map(({ driver, says }) => `The driver ${driver} cannot be used: ${says}`),
  );
}

async function agentProblems(
  { store }: Judged,
  { items }: Assignment,
  item: Assignment['graph']['items'][number],
  body: Body,
): Promise<string[]> {
  const capability = capabilityOf(body, item.candidate);
  // What an earlier run left is done by those that were assigned to the consumer.
  const assigned = items.find((one) => one.item === (item.rules?.discovered ? item.body : item.id));
  if (!assigned) return [`${item.id} was assigned to nobody.`];
  const problems: string[] = [];
  if (assigned.capability !== capability)
    problems.push(`${item.id} was assigned by ${assigned.capability}, but asks for ${capability}.`);
  if (assigned.agents.map(({ id }) => id).join() !== item.agents.map(({ id }) => id).join())
    problems.push(`The agents of ${item.id} in the graph are not those that were assigned.`);
  for (const { id, manifest } of item.agents)
    try {
      const found = await store.getJson(manifest, agentManifestSchema);
      if (found.id !== id) problems.push(`The manifest of ${id} for ${item.id} is that of ${found.id}.`);
      if (!found.capabilities.includes(capability ?? ''))
        problems.push(`${id} does not have the capability ${capability} that ${item.id} asks for.`);
    } catch (error) {
      problems.push(`The manifest of ${id}: ${faultOf(error)}`);
    }
  return problems;
}

function capabilityOf(body: Body, candidate: string | null): string | undefined {
  const { work } = body;
  const candidates = 'candidates' in body ? body.candidates : undefined;
  const own = candidate === null ? undefined : candidates?.[candidate]?.capability;
  return own ?? (work.kind === 'agent' ? work.capability : undefined);
}
