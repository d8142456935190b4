import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';

/** How long the engine has to answer, in milliseconds. */
const patience = 2000;

const answers = 'answers';

export const readinessSchema = z.strictObject({
  ready: z.boolean(),
  /** `answers`, or why not. */
  engine: z.string(),
  store: z.string(),
});

/** Asks the engine for its namespace, and has the store write and read an entry. */
export async function checkReadiness({
  engine,
  store,
  logger,
}: Pick<Dependencies, 'engine' | 'store' | 'logger'>): Promise<z.infer<typeof readinessSchema>> {
  const { namespace } = engine;
  const [engineSays, storeSays] = await Promise.all([
    outcome(engine.call(() => engine.client.workflowService.describeNamespace({ namespace }), patience)),
    outcome(tryStore(store)),
  ]);
  const ready = engineSays === answers && storeSays === answers;
  if (!ready) logger.warn({ engine: engineSays, store: storeSays }, 'Not ready.');
  return { ready, engine: engineSays, store: storeSays };
}

async function tryStore({ entries }: Dependencies['store']): Promise<void> {
  const name = 'readiness/api';
  await entries.put(name, answers);
  if ((await entries.get(name))?.toString() !== answers)
    throw new Error('The artifact store reads an entry as other than it was written.');
}

const outcome = (trying: Promise<unknown>): Promise<string> =>
  trying.then(
    () => answers,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
