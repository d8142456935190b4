import { runSegment } from '../../libs/segments/run-segment.js';
import { segmentOf } from '../../libs/segments/segment-of.js';
import type { Judged } from '../../libs/verification/judged.js';
import { linesOfLog, programsFolder, type SegmentRun, segmentRun } from './segment-run.js';

/** Execute's output with one segment in chunks of 15 inputs, of which two are no lines of a log and failed. */
export async function stagedSegment(count = 40): Promise<Judged> {
  const run = await segmentRun({
    input: { lines: [...linesOfLog(count - 2), 7, null] },
    ...{ chunk: 15, tolerate: 0.1, done: 'result.failed < 4' },
  });
  return await judgedSegment(run);
}

async function judgedSegment({ store, task, judged }: SegmentRun): Promise<Judged> {
  const { work, program, inputs } = await segmentOf({ ...task, store, programsFolder });
  const { attempts, tolerate } = work;
  const report = await runSegment({
    ...{ store, prefix: 'segments/r/lines', inputs, agent: program, attempts, tolerate },
  });
  return await judged({
    ...{ item: 'lines', agent: task.agent, outcome: await store.putJson(report) },
    ...{ measurements: null, workspace: null, summary: '', accepted: true },
  });
}
