import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { Seal } from '../contracts/evidence.js';
import type { Chains } from './chains.js';

/** The histories of a run that the server has dropped, as its seal keeps them. They have all ended. */
export const sealedChains = (store: ArtifactStore, { histories }: Pick<Seal, 'histories'>): Chains => ({
  async *read(workflowId) {
    const chain = histories.filter((history) => history.workflowId === workflowId);
    for (const [at, { history }] of chain.entries()) {
      const bytes = await store.get(history.digest);
      for (const event of historyFromJSON(JSON.parse(bytes.toString('utf8'))).events ?? [])
        yield { chain: at, id: Number(event.eventId), event };
    }
  },
});
