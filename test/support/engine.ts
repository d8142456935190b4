import { TestWorkflowEnvironment } from '@temporalio/testing';
import { provideEngine } from '../../apps/local/provision/provide-engine.js';
import { engineArguments } from '../../apps/local/stack/engine-arguments.js';
import { readConfig } from '../../libs/config/config.js';
import { searchAttribute } from '../../libs/protocol/search-attributes.js';
import { quietRuntime } from './quiet-runtime.js';

/** A real Temporal server of its own, in memory, without a Web UI, tuned as the local stack tunes it. */
export async function engineServer(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const config = readConfig();
  const path = await provideEngine(config);
  return await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      ui: false,
      searchAttributes: Object.values(searchAttribute),
      extraArgs: tuning(engineArguments(config)),
    },
  });
}

const tuning = (args: readonly string[]): string[] =>
  args.flatMap((arg, at) => (arg === '--dynamic-config-value' ? [arg, args[at + 1] ?? ''] : []));
