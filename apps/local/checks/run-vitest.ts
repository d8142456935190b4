import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, type TestCount } from './count-tests.js';

/** Runs vitest to its end, its output being ours, and counts the tests. */
export async function runVitest(
  args: readonly string[],
  { root, environment }: { root: string; environment: NodeJS.ProcessEnv },
): Promise<TestCount> {
  const folder = await mkdtemp(join(tmpdir(), 'heptad-test-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      env: environment,
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    return countTests(
      await readFile(report, 'utf8').catch(() => undefined),
      typeof code === 'number' ? code : 1,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
