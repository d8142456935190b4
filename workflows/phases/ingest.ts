import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { IntakeActivities } from '../../libs/contracts/activities.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { phase } from './phase.js';

const { parseRequest, acceptRequest } = proxyLocalActivities<IntakeActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

const { captureSubject } = proxyActivities<IntakeActivities>({
  taskQueue: queue.control,
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

/** Accepts a request: parsed, checked, its subject captured as a snapshot, classified and routed. */
export const ingest = phase('ingest', {
  work: async ({ run }) => {
    const { parsed, checks, source } = await parseRequest(run);
    const { captured } = await captureSubject({ run: run.run, parsed, source });
    return await acceptRequest({ parsed, checks, captured });
  },
});
