import type { GraphItem } from '../contracts/graph.js';
import { rulesOf } from './graph-state.js';

/** One way to get an item done, tried when those before it have failed. */
export type Rung =
  /** It is executed: by its agent or a backup, plainly, with a narrower scope, or with everything that it says kept. */
  | { readonly kind: 'execute'; readonly agent: number; readonly how: Execution }
  /** It is divided: parts that work one after the other; the last one's result stands for it. */
  | { readonly kind: 'split' }
  /** Its recovery is done. Where that succeeds it goes on with the next rung, else with the one after. */
  | { readonly kind: 'recover' }
  /** Another item is done in its place. */
  | { readonly kind: 'fallback' }
  /** A person says whether it is executed again, skipped, or has failed. */
  | { readonly kind: 'person' };

export type Execution = 'plain' | 'narrow' | 'log';

const ladders = new WeakMap<GraphItem, readonly Rung[]>();

/**
 * Everything that is tried for an item, in order. What needs nobody comes before what needs a person: its own
 * strategies as they are listed, its recovery and one execution more, its fallback, a person.
 */
export function ladderOf(item: GraphItem): readonly Rung[] {
  const known = ladders.get(item);
  if (known) return known;
  const { onFailure = ['backup'], recovery, fallback } = rulesOf(item);
  const ladder: Rung[] = [execute(0, 'plain')];
  for (const strategy of onFailure)
    switch (strategy) {
      case 'narrow':
        ladder.push(execute(0, 'narrow'));
        break;
      case 'backup':
        ladder.push(...item.agents.slice(1).map((_, index) => execute(index + 1, 'plain')));
        break;
      case 'split':
        if (item.kind === 'agent') ladder.push({ kind: 'split' });
        break;
      case 'log':
        ladder.push(execute(0, 'log'));
        break;
      case 'person':
        break;
    }
  if (recovery) ladder.push({ kind: 'recover' }, execute(0, 'plain'));
  if (fallback !== undefined) ladder.push({ kind: 'fallback' });
  if (onFailure.includes('person')) ladder.push({ kind: 'person' });
  ladders.set(item, ladder);
  return ladder;
}

const execute = (agent: number, how: Execution): Rung => ({ kind: 'execute', agent, how });
