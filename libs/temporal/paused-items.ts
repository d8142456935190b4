import type { z } from 'zod';
import type { itemViewSchema } from '../contracts/run.js';

type ItemView = z.infer<typeof itemViewSchema>;

/**
 * The items as they are in a run that is paused, in which nothing runs: what could start, or was to be started (again),
 * is held until the run is resumed.
 */
export const pausedItems = (items: readonly ItemView[]): ItemView[] =>
  items.map((item) =>
    item.status === 'ready' || item.status === 'running' || item.status === 'retrying'
      ? { ...item, status: 'paused', progress: null }
      : item,
  );
