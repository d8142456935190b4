import { readConfig } from '../../libs/config/config.js';
import { startApi } from '../api/start.js';
import { startWorker } from '../worker/start.js';

/** The API and the control worker in one process, because the embedded database has one owner. */
const config = readConfig();
const worker = await startWorker('control', undefined, config);
const api = await startApi(config);

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
await Promise.race([stopped, worker.done]);
// Nothing is accepted any more before what was accepted is put down.
await api.stop();
await worker.stop();
