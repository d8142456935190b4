import { createEvidenceActivities } from '../../activities/evidence/index.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import type { Config } from '../../libs/config/config.js';
import { paths } from '../../libs/config/paths.js';
import { programPlaces } from '../../libs/config/program-places.js';
import type { WorkGraph } from '../../libs/contracts/graph.js';
import type { Engine } from '../../libs/temporal/connect.js';
import type { AllActivities } from './activity-doubles.js';
import { passing, serviceSigners } from './service-signers.js';

// A run may go on with workers that are started later: they hold the same keys.
const signers = serviceSigners();

/** Of the doubles, those whose results are read from the store afterwards: real records, histories and seals. */
export function storedDoubles(config: Config, engine: Engine, graph: WorkGraph): Partial<AllActivities> {
  const { artifacts, packages } = paths(config);
  const store = openStore(artifacts);
  const evidence = createEvidenceActivities({
    store,
    client: engine.client,
    packages,
    bundlePath: programPlaces().workflowBundle,
    ...signers,
  });
  return {
    ...evidence,
    judgePhase: passing(store, signers),
    collectItems: async ({ results, unfinished }) => ({
      outcome: await store.putJson({ kind: 'execution', graph, results, unfinished }),
      summary: 'executed',
      facts: null,
    }),
    deliverPackage: async ({ run }) => ({
      path: `${packages}/run-${run}`,
      manifest: (await store.putJson({ run })).digest,
      files: 1,
      receipt: (await store.putJson({ delivered: run })).digest,
    }),
  };
}
