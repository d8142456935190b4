import { readResumption } from '../../libs/continuation/resumed.js';
import type { PlannedFacts, RegistryActivities } from '../../libs/contracts/activities.js';
import { type AgentManifest, agentManifestSchema } from '../../libs/contracts/agent.js';
import { acceptedRequestSchema, assignedAgentsSchema, probesSchema } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { withControlFiles } from '../../libs/registry/control-file-items.js';
import { machineCapacity } from '../../libs/registry/machine-capacity.js';
import { plannedWork } from '../../libs/registry/planned-work.js';
import { readControlFiles } from '../../libs/registry/read-control-files.js';
import { count } from '../../libs/synthesis/order.js';
import type { RegistryDependencies } from './dependencies.js';
import { environmentSchema, noEnvironment } from './environment.js';

/** A plan whose JSON is longer is read in parts by who interprets it. Characters. */
const mostInline = 200_000;

const sizeOf = (planned: PlannedFacts): number => JSON.stringify(planned).length;

/**
 * Takes out the agents whose driver did not start, reserves budgets, and compiles the template to the graph, with what
 * the subject's control files ask for.
 *
 * @throws HeptadError `SandboxUnavailable` no sandbox is there; `NoAgent` no agent's driver starts (not retried)
 * @throws HeptadError `InputInvalid` the template has tests run and nothing was fetched for them, or the other way round
 */
export const planWork =
  ({ store }: Pick<RegistryDependencies, 'store'>): RegistryActivities['planWork'] =>
  async ({ accepted, assigned, dependencies: fetched, probes: probesRef }) => {
    const [{ request, captured }, chosen, environment, probes] = await Promise.all([
      store.getJson(accepted.digest, acceptedRequestSchema),
      store.getJson(assigned.digest, assignedAgentsSchema),
      fetched ? store.getJson(fetched.digest, environmentSchema) : noEnvironment,
      store.getJson(probesRef.digest, probesSchema),
    ]);
    const template = await store.getJson(request.template.digest, templateSchema);
    if (template.tests !== (fetched !== null))
      throw new HeptadError(
        'InputInvalid',
        template.tests
          ? `${template.name} has the subject's tests run, and nothing was fetched for them.`
          : `${template.name} has no tests run, and something was fetched for them.`,
      );
    const manifests = new Map<string, AgentManifest>();
    for (const { id, manifest } of chosen.items.flatMap(({ agents }) => agents))
      if (!manifests.has(id)) manifests.set(id, await store.getJson(manifest, agentManifestSchema));

    const resumption = await readResumption(store, request);
    const plan = plannedWork({
      template,
      input: request.input,
      assigned: chosen,
      manifests,
      environment,
      probes,
      resumption,
      capacity: machineCapacity(),
    });
    // What is continued was left by a run that had them.
    const files = resumption?.how === 'continue' ? [] : await readControlFiles(store, captured.snapshot);
    const assignment = withControlFiles(plan, template, files);
    const { items, graph, dependencies, reused } = assignment;
    const planned: PlannedFacts = { graph, ...(reused ? { reused } : {}) };
    const agents = new Set(items.flatMap(({ agents: [first] }) => first?.id ?? []));
    const backups = items.reduce((sum, { agents }) => sum + agents.length - 1, 0);
    return {
      outcome: await store.putJson(assignment),
      summary: `${count(items.length, 'item')} for ${count(agents.size, 'agent')} with ${count(backups, 'backup')}; ${dependencies ? count(dependencies.packages.length, 'package') : 'no tests'}; ${template.parallel} at once`,
      facts: sizeOf(planned) <= mostInline ? planned : { graph: null },
    };
  };
