import { performance } from 'node:perf_hooks';
import { run } from '../setup/run.mjs';

/** A check of the sources that needs no running program. */
export interface StaticCheck {
  readonly name: string;
  readonly args: readonly [program: string, ...args: string[]];
}

/** What `npm test` checks beside the tests. Each program is one of the dependencies. */
export const staticChecks: readonly StaticCheck[] = [
  { name: 'types', args: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint and format', args: ['biome', 'ci', '--colors=off'] },
  {
    name: 'imports',
    args: [
      'depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      'apps',
      'workflows',
      'activities',
      'libs',
      'test',
    ],
  },
  { name: 'unused code', args: ['knip'] },
];

/** A check that has ended. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

/**
 * Runs checks, two at a time, and tells of each as it ends.
 *
 * @param environment has the folder of the programs on its PATH
 */
export async function runStaticChecks(
  checks: readonly StaticCheck[],
  {
    root,
    environment,
    tell,
  }: { root: string; environment: NodeJS.ProcessEnv; tell: (result: CheckResult) => void },
): Promise<CheckResult[]> {
  const waiting = [...checks];
  const results: CheckResult[] = [];
  const lane = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runCheck(check, root, environment);
      results.push(result);
      tell(result);
    }
  };
  await Promise.all([lane(), lane()]);
  return results;
}

async function runCheck(
  { name, args: [program, ...args] }: StaticCheck,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<CheckResult> {
  const begun = performance.now();
  const { code, stdout, stderr } = await run(program, args, { cwd, env });
  const output = [stdout, stderr].map((text) => text.trim()).filter((text) => text !== '');
  return { name, ok: code === 0, seconds: (performance.now() - begun) / 1000, output: output.join('\n') };
}
