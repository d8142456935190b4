import { readConfig } from '../../libs/config/config.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { type Role, roles } from './roles.js';
import { startWorker } from './start.js';

const isRole = (name: string | undefined): name is Role => roles.some((role) => role === name);

const [role] = process.argv.slice(2);
if (!isRole(role)) {
  throw new HeptadError('UsageInvalid', `Say which queue this worker serves: ${roles.join(', ')}.`);
}
const worker = await startWorker(role, readConfig());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => worker.stop());
await worker.done;
