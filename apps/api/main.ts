import { readConfig } from '../../libs/config/config.js';
import { startApi } from './start.js';

const { url, stop } = await startApi(readConfig());
process.stdout.write(`Heptad API answers at ${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
