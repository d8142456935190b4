import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import type { HistoryArchive } from '../../libs/contracts/evidence.js';
import { proveStep } from '../../libs/evidence/progress.js';
import { fetchHistories } from '../../libs/temporal/fetch-histories.js';
import { closingOf, startOf } from '../../libs/temporal/histories.js';
import type { EvidenceDependencies } from './dependencies.js';

/**
 * Stores the complete histories of a run that has ended, each as canonical JSON, and the list of them.
 *
 * @throws HeptadError `RunOpen` (retried) the run has not ended
 * @throws HeptadError `RunUnknown` the engine does not have the histories
 */
export const archiveHistories =
  ({
    store,
    client,
  }: Pick<EvidenceDependencies, 'store' | 'client'>): EvidenceActivities['archiveHistories'] =>
  async ({ run }) => {
    const histories = await fetchHistories(client, run);
    await proveStep({ milestone: `${histories.length} histories fetched`, percent: 50 });
    const archive = await store.batch(async (writer) => {
      const archived: HistoryArchive['histories'] = [];
      for (const { workflowId, runId, history } of histories)
        archived.push({
          workflowId,
          runId,
          type: startOf(history).type,
          events: history.events?.length ?? 0,
          closed: closingOf(history) ?? '',
          history: await writer.putJson(JSON.parse(historyToJSON(history))),
        });
      return await writer.putJson({ version: 1, run, histories: archived } satisfies HistoryArchive);
    });
    await proveStep({ milestone: 'histories stored', percent: 100, effects: [archive.digest] });
    return { archive };
  };
