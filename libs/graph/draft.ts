import type { GraphItem, ItemResult, WorkGraph } from '../contracts/graph.js';
import type { ErrorCode } from '../protocol/errors.js';
import { priorities } from '../protocol/priorities.js';
import { evaluate } from './conditions/evaluate.js';
import { whyNotAdded } from './discover.js';
import type { Command } from './events.js';
import { factOf, factOfResult } from './facts-of.js';
import { type GraphIndex, indexOf } from './graph-index.js';
import {
  type GraphState,
  type ItemState,
  initial,
  isSettled,
  itemState,
  notMissed,
  rulesOf,
} from './graph-state.js';
import { ladderOf, type Rung } from './ladder.js';
import { isBarrier, obstacleTo } from './obstacle.js';
import { repairOf } from './repair.js';
import { partOf, partsOf } from './split.js';

const mostRefusals = 100;

/** How long a person has where nothing else is said: 7 days, in milliseconds. */
const personsTime = 7 * 24 * 60 * 60 * 1000;

/**
 * A state that a step changes. One copy of the items serves all events of a step, since a graph may have thousands;
 * only what an event touches is looked at again.
 */
export class Draft {
  readonly commands: Command[] = [];
  /** Items that are not as they were before the step. */
  readonly changed = new Set<string>();
  readonly #items: Record<string, ItemState>;
  readonly #before: GraphState;
  #graph: WorkGraph;
  #finished: boolean;
  #refused: GraphState['refused'];
  #allowance: number | undefined;
  #admitting: readonly string[];
  #ledger: GraphState['ledger'];
  /** Items that are neither pending nor settled. */
  readonly #active: Set<string>;
  /** Items to look at again. */
  readonly #touched: string[] = [];
  #at: string;

  constructor(state: GraphState) {
    this.#before = state;
    this.#items = { ...state.items };
    this.#graph = state.graph;
    this.#finished = state.finished;
    this.#refused = state.refused;
    this.#allowance = state.allowance;
    this.#admitting = state.admitting ?? [];
    this.#ledger = state.ledger;
    this.#active = new Set(
      state.active ?? state.graph.items.flatMap(({ id }) => (isActive(itemState(state, id)) ? id : [])),
    );
    this.#at = '';
  }

  /** The state as it is now. */
  get state(): GraphState {
    const { admitting: _, allowance: __, ledger: ___, ...before } = this.#before;
    return {
      ...before,
      graph: this.#graph,
      items: this.#items,
      active: [...this.#active],
      finished: this.#finished,
      refused: this.#refused,
      ...(this.#allowance === undefined ? {} : { allowance: this.#allowance }),
      ...(this.#admitting.length === 0 ? {} : { admitting: this.#admitting }),
      ...(this.#ledger === undefined ? {} : { ledger: this.#ledger }),
    };
  }

  get #index(): GraphIndex {
    return indexOf(this.#graph);
  }

  /** The time of what follows. ISO 8601. */
  set at(time: string) {
    this.#at = time;
  }

  of(id: string): ItemState {
    return itemState({ items: this.#items }, id);
  }

  change(id: string, change: Partial<ItemState>): void {
    const next = { ...this.of(id), ...change };
    this.#items[id] = next;
    this.changed.add(id);
    if (isActive(next)) this.#active.add(id);
    else this.#active.delete(id);
  }

  /** Commands again what was under way when the workflow ended its run before; looks at everything once. */
  begin(): void {
    for (const item of this.#graph.items) {
      const { id } = item;
      const is = this.of(id);
      if (is.status === 'running') this.#commandStart(item, is);
      else if (is.status === 'awaiting_review' || is.status === 'blocked' || is.since !== undefined)
        if (!isSettled(is)) this.#wait(id, this.#timeOf(item, is), is.since);
      this.#touched.push(id);
    }
    for (const id of this.#admitting) this.commands.push({ kind: 'admit', item: id, code: this.of(id).code });
  }

  succeeded(id: string, result: ItemResult): void {
    const item = this.#index.byId.get(id);
    if (!item) return;
    const { review } = rulesOf(item);
    const looked =
      review &&
      (review.when === undefined || evaluate(review.when, ([, ...names]) => factOfResult(result, names)));
    if (!looked) {
      this.#complete(item, result);
      return;
    }
    this.change(id, { status: 'awaiting_review', result, code: null, since: this.#at });
    this.#wait(id, review.withinMs, this.#at);
  }

  /** An execution failed: the next rung of the item's ladder, or the end of it. */
  climb(id: string, code: string, by = 1): void {
    const item = this.#index.byId.get(id);
    if (!item) return;
    const ladder = ladderOf(item);
    const now = this.of(id).rung ?? 0;
    // Who had it done once more is asked again.
    const rung = ladder[now]?.kind === 'person' ? now : now + by;
    const next = ladder[rung];
    switch (next?.kind) {
      case undefined:
        this.#fail(item, code);
        break;
      case 'execute':
        this.change(id, { status: 'retrying', rung, code, result: null });
        break;
      case 'split':
        this.change(id, { status: 'retrying', rung, code, result: null });
        if (!this.add(id, partsOf(item))) this.climb(id, code);
        break;
      case 'recover':
        if (rulesOf(item).recovery?.mode === 'manual') this.#block(item, rung, code);
        else this.#sleepUntilDone(item, rung, code);
        break;
      case 'fallback':
        this.#sleepUntilDone(item, rung, code);
        break;
      case 'person':
        this.#block(item, rung, code);
        break;
    }
  }

  /** A person said that a manual recovery begins. */
  recover(id: string): void {
    const item = this.#index.byId.get(id);
    const is = this.of(id);
    if (item && this.rungOf(id)?.kind === 'recover') this.#sleepUntilDone(item, is.rung ?? 0, is.code ?? '');
  }

  rungOf(id: string): Rung | undefined {
    const item = this.#index.byId.get(id);
    return item && ladderOf(item)[this.of(id).rung ?? 0];
  }

  approve(id: string): void {
    const item = this.#index.byId.get(id);
    const { result } = this.of(id);
    if (item && result) this.#complete(item, result);
  }

  /** Ends an item without a result, whatever it is doing. */
  end(id: string, change: Pick<ItemState, 'status' | 'code'> & Partial<ItemState>): void {
    const running = this.of(id).status === 'running';
    this.#settle(id, { result: null, ...change });
    if (running) this.commands.push({ kind: 'cancel', item: id });
  }

  /** The time of a collection is over: what has not come by now does not count any more. */
  expire(barrier: string): void {
    for (const id of this.#index.byId.get(barrier)?.after ?? [])
      if (!isSettled(this.of(id)))
        this.end(id, { status: 'timeout', code: 'CollectionExpired' satisfies ErrorCode });
  }

  allow(items: number | 'ready' | 'all'): void {
    if (items === 'all') this.#allowance = undefined;
    else if (this.#allowance !== undefined)
      this.#allowance =
        items === 'ready' ? Math.max(this.#allowance, this.#waiting().length) : this.#allowance + items;
  }

  /** Takes items in that were found: all of them, or none and why. */
  discovered(by: string, items: readonly GraphItem[], ledger: GraphState['ledger']): void {
    this.#admitting = this.#admitting.filter((id) => id !== by);
    if (ledger !== undefined) this.#ledger = ledger;
    if (items.length > 0) this.add(by, items);
  }

  /** @returns whether they were added */
  add(by: string, items: readonly GraphItem[]): boolean {
    const reason = this.#finished
      ? 'The work has ended; it is a follow-up for another run.'
      : whyNotAdded(this.#graph, items);
    if (reason !== undefined) {
      this.#refused = [...this.#refused, { by, reason }].slice(0, mostRefusals);
      return false;
    }
    this.#graph = { ...this.#graph, items: [...this.#graph.items, ...items] };
    Object.assign(this.#items, initial({ ...this.#graph, items: [...items] }).items);
    this.#touched.push(...items.map(({ id }) => id));
    return true;
  }

  /** Settles what follows, starts what may start, and finishes where nothing is left. */
  onward(): void {
    this.#follow();
    this.#dispatch();
    if (this.#finished || this.#admitting.length > 0 || this.#active.size > 0) return;
    // What is pending when nothing is under way waits for itself. The edge refuses such graphs; here it must end.
    for (const { id } of this.#graph.items)
      if (!isSettled(this.of(id)))
        this.change(id, { status: 'skipped', code: 'InputInvalid' satisfies ErrorCode, endedAt: null });
    this.#finished = true;
    this.commands.push({ kind: 'finish' });
  }

  #complete(item: GraphItem, result: ItemResult): void {
    this.#settle(item.id, { status: 'completed', result, code: null });
    if (!result.accepted) this.#repair(item.id);
    const { consumes } = this.#graph;
    if (result.discoveries !== undefined || consumes?.includes(item.category)) this.#admit(item.id, null);
  }

  #repair(rejecting: string): void {
    const { graph, added } = repairOf(this.#graph, this.#items, rejecting);
    if (added.length === 0) return;
    this.#graph = graph;
    this.add(rejecting, added);
  }

  #fail({ id, rules }: GraphItem, code: string): void {
    const timedOut = code === ('TimedOut' satisfies ErrorCode);
    this.#settle(id, { status: timedOut ? 'timeout' : 'failed', code, result: null });
    // Recovery does not spawn recovery, and what stands by for another is that one's recovery.
    const makesWork =
      this.#graph.consumes !== undefined && rules?.discovered?.recovers === undefined && !rules?.standby;
    if (makesWork) this.#admit(id, code);
  }

  #admit(item: string, code: string | null): void {
    this.#admitting = [...this.#admitting, item];
    this.commands.push({ kind: 'admit', item, code });
  }

  #block({ id }: GraphItem, rung: number, code: string): void {
    this.change(id, { status: 'blocked', rung, code, result: null, since: this.#at });
    this.#wait(id, personsTime, this.#at);
  }

  #sleepUntilDone({ id }: GraphItem, rung: number, code: string): void {
    this.change(id, { status: 'retrying', rung, code, result: null });
    this.#touched.push(...(this.#index.sleepers.get(id) ?? []));
  }

  #timeOf(item: GraphItem, { status }: ItemState): number {
    const { review, deadlineMs } = rulesOf(item);
    return (
      (status === 'awaiting_review' ? review?.withinMs : status === 'blocked' ? personsTime : deadlineMs) ??
      personsTime
    );
  }

  /** @param since when the time began; what has passed of it does not come again */
  #wait(item: string, withinMs: number, since: string | undefined): void {
    const passed = since === undefined || this.#at === '' ? 0 : Date.parse(this.#at) - Date.parse(since);
    this.commands.push({
      kind: 'wait',
      item,
      withinMs: Math.max(1, withinMs - (Number.isNaN(passed) ? 0 : passed)),
    });
  }

  #settle(id: string, change: Partial<ItemState>): void {
    this.change(id, { endedAt: this.#at === '' ? null : this.#at, ...change });
    const { dependants, sleepers, byId } = this.#index;
    this.#touched.push(...(dependants.get(id) ?? []), ...(sleepers.get(id) ?? []));
    const item = byId.get(id);
    const standby = item && rulesOf(item).standby;
    if (item && standby) this.#standbySettled(item, standby.for);
  }

  /** What an item that stood by means for the one that it stood by for. */
  #standbySettled(item: GraphItem, target: string): void {
    const is = this.of(target);
    const rung = this.rungOf(target);
    if (is.status !== 'retrying' || !rung) return;
    const { status, result } = this.of(item.id);
    const code = is.code ?? 'Unexpected';
    switch (rung.kind) {
      case 'fallback':
      case 'split': {
        const part = partOf(item);
        if (status !== 'completed' || !result) this.climb(target, code);
        else if (!part || part.number === part.of) this.#standIn(target, item.id, result);
        break;
      }
      case 'recover': {
        const all = (this.#index.sleepers.get(target) ?? []).filter((id) => this.#standsBy(id, 'recovery'));
        if (!all.every((id) => isSettled(this.of(id)))) break;
        const recovered = all.every((id) => this.#hasGoneWell(id));
        this.climb(target, code, recovered ? 1 : 2);
        break;
      }
      case 'execute':
      case 'person':
        break;
    }
  }

  #standIn(target: string, by: string, result: ItemResult): void {
    const item = this.#index.byId.get(target);
    if (item) this.#complete(item, { ...result, item: target, standIn: by });
  }

  #standsBy(id: string, as: 'fallback' | 'recovery' | 'part'): boolean {
    const item = this.#index.byId.get(id);
    return item !== undefined && rulesOf(item).standby?.as === as;
  }

  #hasGoneWell(id: string): boolean {
    const { status, code } = this.of(id);
    return status === 'completed' || (status === 'skipped' && notMissed.has(code ?? ''));
  }

  /** Looks at what was touched until nothing follows any more. */
  #follow(): void {
    for (let id = this.#touched.pop(); id !== undefined; id = this.#touched.pop()) this.#consider(id);
  }

  #consider(id: string): void {
    const item = this.#index.byId.get(id);
    if (!item || this.of(id).status !== 'pending') return;
    const { standby, condition } = rulesOf(item);
    if (standby) {
      if (isSettled(this.of(standby.for)))
        this.#settle(id, { status: 'skipped', code: 'NotNeeded' satisfies ErrorCode });
      if (this.of(id).status !== 'pending' || !this.#isAwake(standby)) return;
    }
    const code = obstacleTo({ items: this.#items }, item, this.#index);
    if (code !== undefined) {
      this.#settle(id, { status: 'skipped', code });
      return;
    }
    if (!item.after.every((before) => isSettled(this.of(before)))) return;
    const holds =
      condition === undefined || evaluate(condition, (path) => factOf({ items: this.#items }, path)) === true;
    // What an earlier result leads to, such as a repair, follows here as it did there.
    const earlier = this.#before.reused?.[id];
    if (holds && earlier) this.#complete(item, earlier);
    else if (holds) this.change(id, { status: 'ready' });
    else this.#settle(id, { status: 'skipped', code: 'ConditionFalse' satisfies ErrorCode });
  }

  #isAwake({
    for: target,
    as,
  }: {
    readonly for: string;
    readonly as: 'fallback' | 'recovery' | 'part';
  }): boolean {
    if (this.of(target).status !== 'retrying') return false;
    const wanted = { fallback: 'fallback', recovery: 'recover', part: 'split' } as const;
    return this.rungOf(target)?.kind === wanted[as];
  }

  /** What may be executed now, in no order. */
  #waiting(): GraphItem[] {
    const { byId } = this.#index;
    const waiting: GraphItem[] = [];
    for (const id of this.#active) {
      const { status } = this.of(id);
      if (status !== 'ready' && status !== 'retrying') continue;
      const kind = status === 'retrying' ? this.rungOf(id)?.kind : 'execute';
      const item = byId.get(id);
      if (item && (kind === 'execute' || kind === 'person')) waiting.push(item);
    }
    return waiting;
  }

  /** The first of what waits: the more urgent first, then in the graph's order. */
  #next(free: number): GraphItem[] {
    const { order } = this.#index;
    const before = (a: GraphItem, b: GraphItem): number =>
      urgency(b) - urgency(a) || (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0);
    const waiting = this.#waiting();
    if (free > 1) return waiting.sort(before).slice(0, free);
    // Most often one has ended and one may start: thousands need not be sorted for it.
    const [first, ...others] = waiting;
    return first ? [others.reduce((best, one) => (before(one, best) < 0 ? one : best), first)] : [];
  }

  #dispatch(): void {
    let running = 0;
    for (const id of this.#active) if (this.of(id).status === 'running') running += 1;
    const free = Math.min(this.#graph.parallel - running, this.#allowance ?? Number.POSITIVE_INFINITY);
    if (free <= 0) return;
    const next = this.#next(free);
    if (this.#allowance !== undefined) this.#allowance -= next.length;
    for (const item of next) {
      const { occurrence } = this.of(item.id);
      this.change(item.id, {
        status: 'running',
        occurrence: occurrence + 1,
        code: null,
        startedAt: this.#at === '' ? null : this.#at,
      });
      this.#commandStart(item, this.of(item.id));
      for (const id of this.#index.dependants.get(item.id) ?? []) this.#collect(id);
    }
  }

  /** The clock of a collection starts with the first item that it waits for. */
  #collect(id: string): void {
    const item = this.#index.byId.get(id);
    const deadline = item && isBarrier(item) ? rulesOf(item).deadlineMs : undefined;
    const { status, since } = this.of(id);
    if (deadline === undefined || status !== 'pending' || since !== undefined || this.#at === '') return;
    this.change(id, { since: this.#at });
    this.#wait(id, deadline, undefined);
  }

  #commandStart(item: GraphItem, { occurrence, rung = 0 }: ItemState): void {
    const on = ladderOf(item)[rung];
    const { agent, how } = on?.kind === 'execute' ? on : { agent: 0, how: 'plain' as const };
    this.commands.push({ kind: 'start', item, agent: item.agents[agent] ?? null, occurrence, how });
  }
}

/** Whether an item is neither pending nor settled. */
const isActive = (is: Pick<ItemState, 'status'>): boolean => is.status !== 'pending' && !isSettled(is);

const urgency = (item: GraphItem): number => priorities.indexOf(rulesOf(item).priority ?? 'normal');
