import { parseArgs } from 'node:util';
import { readConfig } from '../../libs/config/config.js';
import { type Pass, passes } from '../../libs/contracts/evidence.js';
import { HeptadError } from '../../libs/protocol/errors.js';
import { type Role, roles } from './roles.js';
import { startWorker } from './start.js';

const worker = await startWorker(...asked(process.argv.slice(2)), readConfig());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => worker.stop());
await worker.done;

/** `control`, `agents`, or `verify` with or without `--pass a|b|c`. */
function asked(args: string[]): [Role, Pass | undefined] {
  const { values, positionals } = parseArgs({
    args,
    options: { pass: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const role = roles.find((name) => name === positionals[0]);
  const pass = passes.find((name) => name.toLowerCase() === values.pass);
  if (!role || positionals.length !== 1)
    throw new HeptadError('UsageInvalid', `Say what this worker does: ${roles.join(', ')}.`);
  if ((values.pass !== undefined && !pass) || (pass && role !== 'verify'))
    throw new HeptadError('UsageInvalid', 'The option is --pass a, b or c, and is for verify.');
  return [role, pass];
}
