import type { AgentRef, GraphItem, ItemResult } from '../contracts/graph.js';
import type { ItemDecision } from '../contracts/steering.js';
import type { Digest } from '../protocol/digest.js';
import type { GraphState } from './graph-state.js';
import type { Execution } from './ladder.js';

/** What happened to the graph. Times are ISO 8601, by the workflow's clock. */
export type GraphEvent =
  /** The workflow starts, or goes on after continue-as-new: nothing is in flight. */
  | { readonly kind: 'begun'; readonly at?: string }
  | { readonly kind: 'started'; readonly item: string; readonly at: string }
  | { readonly kind: 'succeeded'; readonly item: string; readonly result: ItemResult; readonly at: string }
  | { readonly kind: 'failed'; readonly item: string; readonly code: string; readonly at: string }
  /** The time of a collection, or of a person, is over. */
  | { readonly kind: 'expired'; readonly item: string; readonly at: string }
  /** A person decided. */
  | {
      readonly kind: 'decided';
      readonly item: string;
      readonly decision: ItemDecision;
      readonly by: string;
      readonly reason: string;
      readonly at: string;
    }
  /** Somebody lets more of what is ready go on: so many items, all that are ready now, or all from now on. */
  | { readonly kind: 'allowed'; readonly items: number | 'ready' | 'all'; readonly at: string }
  /** What an item found was looked at. The items are taken whole or refused whole. */
  | {
      readonly kind: 'discovered';
      readonly by: string;
      readonly items: readonly GraphItem[];
      readonly ledger?: Digest;
    };

/** What is to be done now. */
export type Command =
  /**
   * `agent` is the one to use: a backup after failures, null for a barrier. `occurrence` counts from 1. `how` is how it
   * is executed.
   */
  | {
      readonly kind: 'start';
      readonly item: GraphItem;
      readonly agent: AgentRef | null;
      readonly occurrence: number;
      readonly how: Execution;
    }
  /** What runs is not wanted any more. */
  | { readonly kind: 'cancel'; readonly item: string }
  /** After this time the item's collection, or its wait for a person, has `expired`. */
  | { readonly kind: 'wait'; readonly item: string; readonly withinMs: number }
  /** Look at what an item found; `code` is why it failed, where it did. */
  | { readonly kind: 'admit'; readonly item: string; readonly code: string | null }
  /** Every item is settled. Commanded once. */
  | { readonly kind: 'finish' };

/** What a step leads to. */
export interface Step {
  readonly state: GraphState;
  readonly commands: readonly Command[];
  /** Items that changed. */
  readonly changed: readonly string[];
}
