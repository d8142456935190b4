import { QueryNotRegisteredError } from '@temporalio/client';
import { z } from 'zod';
import { itemViewSchema } from '../contracts/run.js';
import { HeptadError } from '../protocol/errors.js';
import { queryName } from '../protocol/messages.js';
import { workflowId } from '../protocol/names.js';
import type { Engine } from './connect.js';
import { itemProgress } from './item-progress.js';

/** The items of a run, or why they cannot be had now. */
export type ItemsReading =
  | { readonly items: z.infer<typeof itemViewSchema>[]; readonly unavailable: null }
  | { readonly items: null; readonly unavailable: string };

const queriedSchema = z.array(itemViewSchema.omit({ progress: true }));

/** How long a worker has to answer, in milliseconds. */
const patience = 1000;

/**
 * Asks execute's workflow for its items, which takes a worker that answers within a second, and the engine for what
 * those that run have proven. Without a worker the reading says so; it is no error.
 */
export async function queryItems(engine: Engine, run: string): Promise<ItemsReading> {
  const handle = engine.client.workflow.getHandle(workflowId.phase(run, 'execute'));
  try {
    const items = await engine.call(() => handle.query<unknown>(queryName.items), patience);
    const progress = await itemProgress(engine, run);
    return {
      items: queriedSchema.parse(items).map((item) => ({
        ...item,
        progress: item.status === 'running' ? (progress.get(item.id) ?? null) : null,
      })),
      unavailable: null,
    };
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'EngineUnreachable')
      return { items: null, unavailable: `No worker answered within ${patience} ms.` };
    if (error instanceof QueryNotRegisteredError)
      return { items: null, unavailable: 'Execute has not begun its items.' };
    throw error;
  }
}
