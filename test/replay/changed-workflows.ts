import { sleep } from '@temporalio/workflow';
import { ingest as original } from '../../workflows/phases/ingest.js';

export {
  assign,
  conclude,
  coordinate,
  deliver,
  execute,
  run,
  seal,
  sweep,
  verify,
} from '../../workflows/index.js';

/** An incompatible change: a timer that recorded histories do not have. */
export async function ingest(input: Parameters<typeof original>[0]): Promise<unknown> {
  await sleep('1 second');
  return await original(input);
}
