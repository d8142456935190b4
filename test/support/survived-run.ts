import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { executionSchema } from '../../libs/contracts/phase.js';
import type { LiveStack } from './live-stack.js';
import { type CompletedActivity, completedActivities } from './run-activities.js';
import { readInPackage, type SealedRun, sealedRun } from './sealed-run.js';

/** A run that something was killed under, from the kill to its seal. */
export interface SurvivedRun extends SealedRun {
  /** What had completed when the kill came. */
  readonly before: readonly CompletedActivity[];
  /** All that has completed in the end. */
  readonly completed: readonly CompletedActivity[];
}

/** Waits until a run is sealed and says how long it took to go on; `killed` and `answered` are moments. */
export async function survived(
  stack: LiveStack,
  run: string,
  what: string,
  { before, killed, answered }: { before: readonly CompletedActivity[]; killed: number; answered: number },
): Promise<SurvivedRun> {
  await stack.untilSealed(run);
  const completed = await completedActivities(stack.engine, run);
  const next = completed.filter(({ at }) => at > killed).sort((one, other) => one.at - other.at);
  const scheduled = new Set(before.map(({ key }) => key));
  const begun = completed
    .filter(({ key, started }) => !scheduled.has(key) && started > killed)
    .sort((one, other) => one.started - other.started);
  const seconds = (from: number, to: number | undefined): string =>
    to === undefined ? 'never' : `${((to - from) / 1000).toFixed(2)} s`;
  console.log(
    `${what}: it answers again ${seconds(killed, answered)} after the kill; the next activity begins ` +
      `${seconds(killed, begun[0]?.started)} after the kill, ${seconds(answered, begun[0]?.started)} after the answer, ` +
      `and the next one completes ${seconds(killed, next[0]?.at)} and ${seconds(answered, next[0]?.at)} after them`,
  );
  return { ...(await sealedRun(stack, run)), before, completed };
}

/** What was done before a kill holds: it was not done again, and nothing completed twice. */
export function expectKept({ before, completed, attempts }: SurvivedRun): void {
  expect(before.length).toBeGreaterThan(0);
  for (const { key, at, attempt } of before) {
    expect(completed.filter((one) => one.key === key)).toEqual([
      expect.objectContaining({ key, at, attempt }),
    ]);
    // A record does not tell of the attempt that writes it.
    const made = attempts.filter((one) => one.key === key);
    if (made.length > 0) expect(made.map((one) => one.attempt)).toEqual(made.map((_, index) => index + 1));
    expect(made.filter(({ attempt: number }) => number > attempt)).toEqual([]);
  }
  const keys = completed.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
}

/** Each item of the graph has exactly one committed result. */
export async function expectOneResultEach(stack: LiveStack, { records }: SurvivedRun): Promise<void> {
  const executed = records.find(({ phase }) => phase === 'execute')?.output;
  if (!executed) throw new Error('The phase execute has no outcome.');
  const { graph, results, unfinished } = await stack.store.getJson(executed, executionSchema);
  const settled = [...results, ...unfinished].map(({ item }) => item);
  expect(settled.toSorted()).toEqual(graph.items.map(({ id }) => id).toSorted());
}

/** The package was delivered once: one receipt, of one completed delivery, and the package is as it was sealed. */
export async function expectDeliveredOnce({ seal, completed }: SurvivedRun): Promise<void> {
  const deliveries = completed.filter(({ type }) => type === 'deliverPackage');
  expect(deliveries).toHaveLength(1);
  expect(seal.status).toBe('COMPLETED');
  expect(seal.packagePath).toBe(seal.folder);
  expect(await readInPackage(seal, 'delivery.json')).toMatchObject({
    run: seal.run,
    manifest: seal.packageManifest,
    record: seal.records.deliver?.digest,
  });
  expect(JSON.parse(await readFile(join(seal.folder, 'seal', 'seal.json'), 'utf8'))).toEqual(seal);
}
