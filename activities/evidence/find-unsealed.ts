import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import { deletionEntryName, refusalEntryName, sealEntryName } from '../../libs/evidence/seal-entry.js';
import { runOfWorkflowId, workflowType } from '../../libs/protocol/names.js';
import type { EvidenceDependencies } from './dependencies.js';

/** A run that has just closed is being sealed by its own conclude: milliseconds that it is left alone for. */
const graceMs = 5_000;
const atMost = 100;

/** Closed runs that have no seal, and none that was refused or deleted, oldest first, at most 100. */
export const findUnsealed =
  (
    { store, client }: Pick<EvidenceDependencies, 'store' | 'client'>,
    now: () => number = Date.now,
  ): EvidenceActivities['findUnsealed'] =>
  async () => {
    const settled = new Set<string>();
    for (const nameOf of [sealEntryName, refusalEntryName, deletionEntryName])
      for (const name of await store.entries.list(nameOf(''))) settled.add(name.slice(nameOf('').length));
    const found: { run: string; closed: number }[] = [];
    // The engine's SQLite store cannot sort, so every closed run is looked at and sorted here.
    const query = `WorkflowType = '${workflowType.run}' AND ExecutionStatus != 'Running'`;
    for await (const { workflowId, closeTime, status } of client.workflow.list({ query })) {
      const run = runOfWorkflowId(workflowId);
      if (!run || !closeTime || status.name === 'CONTINUED_AS_NEW') continue;
      if (closeTime.getTime() > now() - graceMs || settled.has(run)) continue;
      found.push({ run, closed: closeTime.getTime() });
    }
    found.sort((a, b) => a.closed - b.closed);
    return { runs: found.slice(0, atMost).map(({ run }) => run) };
  };
