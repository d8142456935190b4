import { TestWorkflowEnvironment } from '@temporalio/testing';
import { provideTestServer } from '../../apps/local/provision/provide-test-server.js';
import { readConfig } from '../../libs/config/config.js';
import { searchAttributes } from '../../libs/protocol/search-attributes.js';
import { quietRuntime } from './quiet-runtime.js';

/** Indexed type of a keyword, in the operator service's enum. */
const keyword = 2;

/** A server of its own whose clock skips ahead while workflows only wait. */
export async function timeSkippingServer(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const path = await provideTestServer(readConfig());
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.keys(searchAttributes).map((name) => [name, keyword])),
  });
  return environment;
}
