import { Draft } from './draft.js';
import type { GraphEvent, Step } from './events.js';
import { type GraphState, isSettled } from './graph-state.js';

export type { Command, GraphEvent, Step } from './events.js';
export { type GraphState, initial, inputsOf, results, unfinished } from './graph-state.js';
export { itemViews } from './item-views.js';

/**
 * The scheduler: what follows from an event. Pure and deterministic; never throws.
 *
 * What is ready runs at once, up to `parallel`, the more urgent first, then in the graph's order. Conditions decide
 * whether an item is done; see `obstacle.ts` for what a skipped or failed one means for those that depend on it.
 * Barriers wait until everything before them is settled. An item that fails climbs its ladder (`ladder.ts`), and only
 * at its end it has failed. A candidate that its validation rejects is repaired once, within the budget. An event about
 * an item that it does not fit changes nothing, so each item has one result.
 */
export const step = (state: GraphState, event: GraphEvent): Step => steps(state, [event]);

/** What follows from several events that came together. */
export function steps(state: GraphState, events: readonly GraphEvent[]): Step {
  const draft = new Draft(state);
  for (const event of events) apply(draft, event);
  draft.onward();
  return { state: draft.state, commands: draft.commands, changed: [...draft.changed] };
}

function apply(draft: Draft, event: GraphEvent): void {
  if ('at' in event && event.at !== undefined) draft.at = event.at;
  switch (event.kind) {
    case 'begun':
      draft.begin();
      break;
    case 'started':
      if (runs(draft, event.item)) draft.change(event.item, { startedAt: event.at });
      break;
    case 'succeeded':
      if (runs(draft, event.item)) draft.succeeded(event.item, event.result);
      break;
    case 'failed':
      if (runs(draft, event.item)) draft.climb(event.item, event.code);
      break;
    case 'expired':
      expired(draft, event.item);
      break;
    case 'decided':
      decided(draft, event);
      break;
    case 'allowed':
      draft.allow(event.items);
      break;
    case 'discovered':
      draft.discovered(event.by, event.items, event.ledger);
      break;
  }
}

function expired(draft: Draft, id: string): void {
  const { status, code, since } = draft.of(id);
  if (status === 'awaiting_review') draft.end(id, { status: 'failed', code: 'ReviewExpired' });
  else if (status === 'blocked') draft.end(id, { status: 'failed', code: code ?? 'Unexpected' });
  else if (status === 'pending' && since !== undefined) draft.expire(id);
}

/** What a person says counts only where it answers what the item waits for; it can be skipped while it is not settled. */
function decided(draft: Draft, { item, decision, by, reason }: GraphEvent & { kind: 'decided' }): void {
  const is = draft.of(item);
  const { status } = is;
  switch (decision) {
    case 'approve':
      if (status === 'awaiting_review') draft.approve(item);
      break;
    case 'reject':
      if (status === 'awaiting_review') draft.climb(item, 'ReviewRejected');
      break;
    case 'retry':
      if (status === 'blocked' && draft.rungOf(item)?.kind === 'person')
        draft.change(item, { status: 'retrying' });
      break;
    case 'recover':
      if (status === 'blocked') draft.recover(item);
      break;
    case 'fail':
      if (status === 'blocked') draft.end(item, { status: 'failed', code: is.code ?? 'Unexpected' });
      break;
    case 'skip':
      if (!isSettled(is))
        draft.end(item, { status: 'skipped', code: 'SkippedByPerson', waived: { by, reason } });
      break;
  }
}

const runs = (draft: Draft, id: string): boolean => draft.of(id).status === 'running';
