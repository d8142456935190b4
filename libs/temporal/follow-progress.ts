import { setTimeout as pause } from 'node:timers/promises';
import type { ItemProgressed } from '../contracts/run.js';
import { HeptadError } from '../protocol/errors.js';
import type { Engine } from './connect.js';
import { isNotFound } from './describe-run.js';
import { type ItemProgress, itemProgress } from './item-progress.js';

/** Between two questions to the engine, in milliseconds. */
const interval = 1000;

/** Characters of a partial result that are said in its sentence. */
const mostSaid = 200;

/**
 * How far the items of a run are that run now: one event whenever that has changed, asked for once a second. It goes on
 * until the signal says stop; while the engine does not answer it says nothing.
 *
 * @param every between two questions, in milliseconds
 */
export async function* followProgress(
  engine: Engine,
  run: string,
  signal: AbortSignal,
  every: number = interval,
): AsyncGenerator<ItemProgressed> {
  let before = new Map<string, string>();
  while (!signal.aborted) {
    const now = new Map<string, string>();
    for (const [item, progress] of await progressOf(engine, run)) {
      const told = JSON.stringify(progress);
      now.set(item, told);
      if (before.get(item) !== told) yield eventOf(item, progress);
    }
    before = now;
    await pause(every, undefined, { signal }).catch(() => undefined);
  }
}

async function progressOf(engine: Engine, run: string): Promise<ReadonlyMap<string, ItemProgress>> {
  try {
    return await itemProgress(engine, run);
  } catch (error) {
    // Execute has not begun, or the engine is away: the events themselves tell of that.
    if (isNotFound(error) || isUnreachable(error)) return new Map();
    throw error;
  }
}

function eventOf(item: string, progress: ItemProgress): ItemProgressed {
  const { milestone, percent, partial } = progress;
  const says = partial === null ? '' : `; it says ${JSON.stringify(partial).slice(0, mostSaid)}`;
  return {
    at: new Date().toISOString(),
    kind: 'item-progressed',
    phase: 'execute',
    item,
    says: `${item} is at ${Math.round(percent)} %: ${milestone}${says}.`,
    failure: null,
    progress,
  };
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof HeptadError && error.code === 'EngineUnreachable';
