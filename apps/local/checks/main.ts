import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { childEnvironment, readConfig } from '../../../libs/config/config.js';
import { programPlaces } from '../../../libs/config/program-places.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { provideBubblewrap } from '../provision/provide-bubblewrap.js';
import { provideEngine } from '../provision/provide-engine.js';
import { provideTestServer } from '../provision/provide-test-server.js';
import { provideTestTool } from '../provision/provide-test-tool.js';
import type { TestCount } from './count-tests.js';
import { runVitest } from './run-vitest.js';
import { type CheckResult, runStaticChecks, staticChecks } from './static-checks.js';

/**
 * `test [ARGUMENTS OF VITEST]`: the checks of the sources, then the tests. The last line is the count of both.
 * `bench [ARGUMENTS OF VITEST]`: the benchmarks, which print their figures.
 * `tamper [ARGUMENTS OF VITEST]`: every change to a package that is known, of which `test` tries a sample.
 */
const [command, ...args] = process.argv.slice(2);
const { root, modules } = programPlaces();
const data = await mkdtemp(join(tmpdir(), 'heptad-checks-'));
try {
  const environment = await prepare();
  const { passed, failed, notRun } = await run(environment);
  for (const name of notRun) console.log(`NOT RUN ${name}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof HeptadError ? `${error.code}: ${error.message}` : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await rm(data, { recursive: true, force: true });
}

/** Gets what tests run against. What runs without a folder of its own gets one that is not the person's. */
async function prepare(): Promise<NodeJS.ProcessEnv> {
  const config = { ...readConfig(), data, configFolder: join(data, 'config') };
  const bubblewrap = await provideBubblewrap(config);
  if (!config.temporal.external) await provideEngine(config);
  if (command === 'test') {
    await provideTestServer(config);
    for (const tool of ['capnp', 'fsverity'] as const) await provideTestTool(config, tool);
  }
  const environment = childEnvironment({ ...config, bubblewrap });
  return { ...environment, PATH: `${join(modules, '.bin')}${delimiter}${environment.PATH ?? ''}` };
}

async function test(environment: NodeJS.ProcessEnv): Promise<TestCount> {
  const results = await runStaticChecks(staticChecks, { root, environment, tell });
  const tests = await runVitest(args, { root, environment });
  const failures = results.filter(({ ok }) => !ok);
  // What they said is far above by now.
  for (const { name } of failures) console.log(`FAILED  ${name}, see above`);
  return {
    passed: tests.passed + results.length - failures.length,
    failed: tests.failed + failures.length,
    notRun: tests.notRun,
  };
}

async function run(environment: NodeJS.ProcessEnv): Promise<TestCount> {
  switch (command) {
    case 'bench':
    case 'tamper':
      return await runVitest(['--config', `vitest.${command}.config.ts`, ...args], { root, environment });
    default:
      return await test(environment);
  }
}

function tell({ name, ok, seconds, output }: CheckResult): void {
  console.log(`${ok ? 'passed' : 'FAILED'}  ${name}, ${seconds.toFixed(1)} s`);
  if (!ok) console.log(output);
}
