import {
  CancellationScope,
  condition,
  defineQuery,
  isCancellation,
  makeContinueAsNewFunc,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { GraphActivities } from '../../libs/contracts/activities.js';
import type { ItemView } from '../../libs/contracts/graph.js';
import type { LedgerAnswer } from '../../libs/contracts/work.js';
import { indexOf } from '../../libs/graph/graph-index.js';
import { itemState } from '../../libs/graph/graph-state.js';
import {
  type Command,
  type GraphEvent,
  type GraphState,
  itemViews,
  steps,
} from '../../libs/graph/schedule.js';
import { workMetrics } from '../../libs/graph/work-metrics.js';
import { effects } from '../../libs/protocol/effects.js';
import { queryName } from '../../libs/protocol/messages.js';
import { failureFrom } from '../failures.js';
import { closeState, openState } from './carry-state.js';
import type { ExecuteInput } from './execute-input.js';
import { ItemDesk } from './item-desk.js';
import { perform, type StartCommand } from './perform.js';
import { showItems, tellChanges } from './show-items.js';

const { admitWork } = proxyLocalActivities<GraphActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

/** Items that are started in one workflow task: more commands would make its message large. */
const startsAtOnce = 200;

/** Items of which every step is shown to people; of twice as many, every second one. */
const itemsShownAtOnce = 100;

/**
 * Carries out what the scheduler commands until it says that the graph is finished. When the history grows
 * long it starts nothing new, waits for what runs, and continues as new with the state: what was commanded
 * and not started is commanded again there.
 */
export async function interpret(input: ExecuteInput, startedAt: string): Promise<GraphState> {
  const interpreter = new Interpreter(input, startedAt, await openState(input));
  return await interpreter.run();
}

class Interpreter {
  #state: GraphState;
  readonly #events: GraphEvent[] = [{ kind: 'begun', at: now() }];
  readonly #desk: ItemDesk;
  /** Timers of collections and people; none outlives this run of the chain. */
  readonly #waits = new CancellationScope();
  readonly #scopes = new Map<string, CancellationScope>();
  /** Items and discoveries that are being worked on. */
  #running = 0;
  /** Steps that were taken. */
  #shown = 0;
  #finished = false;
  #draining = false;
  /** Why it ends before the graph is finished: it is cancelled, or cannot go on. */
  #ending: unknown;
  /** Discoveries are looked at one after the other: each is compared with those before. */
  #admission: Promise<void> = Promise.resolve();

  constructor(
    private readonly input: ExecuteInput,
    private readonly startedAt: string,
    state: GraphState,
  ) {
    this.#state = state;
    CancellationScope.current().cancelRequested.catch((error: unknown) => this.#end(error));
    setHandler(
      defineQuery<ItemView[], [{ from: number; count: number }?]>(queryName.items),
      (page) => {
        const views = itemViews(this.#state);
        return page ? views.slice(page.from, page.from + page.count) : views;
      },
      { description: 'Every item of the work: its state, its agent, and what came out.' },
    );
    setHandler(
      defineQuery<LedgerAnswer>(queryName.ledger),
      () => ({ ledger: this.#state.ledger ?? null, work: workMetrics(this.#state) }),
      { description: 'The ledger of what was discovered so far, and how the work stands by category.' },
    );
    this.#desk = new ItemDesk(
      input.handled ?? [],
      () => this.#state,
      (event) => this.#events.push(event),
    );
  }

  async run(): Promise<GraphState> {
    while (!this.#finished) {
      // A cancellation reaches the items, and this goes on when the last of them has ended: none runs behind its back.
      await CancellationScope.nonCancellable(() =>
        condition(() => this.#events.length > 0 || (this.#running === 0 && this.#isToEnd())),
      );
      if (this.#events.length === 0) {
        this.#waits.cancel();
        if (this.#ending !== undefined) throw this.#ending;
        await this.#continueAsNew();
      }
      this.#draining ||= this.#isToEnd() || tooLong(this.input);
      await this.#step(this.#events.splice(0));
    }
    this.#waits.cancel();
    return this.#state;
  }

  #isToEnd(): boolean {
    return this.#draining || this.#ending !== undefined;
  }

  #end(error: unknown): void {
    this.#ending ??= error;
  }

  async #step(events: readonly GraphEvent[]): Promise<void> {
    const before = this.#state;
    const { state, commands, changed } = steps(before, events);
    this.#state = state;
    tellChanges(before, state, changed);
    this.#show(state);
    let started = 0;
    for (const command of commands) {
      if (command.kind === 'start' && !this.#draining && ++started % startsAtOnce === 0)
        await CancellationScope.nonCancellable(() => sleep(1));
      this.#obey(command);
    }
  }

  /** Of thousands of items, not every step is shown. */
  #show(state: GraphState): void {
    this.#shown += 1;
    const every = Math.ceil(state.graph.items.length / itemsShownAtOnce);
    if (state.finished || this.#shown % every === 0) showItems(state);
  }

  #obey(command: Command): void {
    switch (command.kind) {
      case 'start':
        if (!this.#draining) void this.#start(command);
        break;
      case 'cancel':
        this.#scopes.get(command.item)?.cancel();
        break;
      case 'wait':
        if (!this.#draining) void this.#wait(command.item, command.withinMs);
        break;
      case 'admit':
        if (!this.#draining) this.#admit(command.item, command.code);
        break;
      case 'finish':
        this.#finished = true;
        break;
    }
  }

  async #start(command: StartCommand): Promise<void> {
    const item = command.item.id;
    this.#running += 1;
    const scope = new CancellationScope();
    this.#scopes.set(item, scope);
    try {
      const result = await scope.run(() => perform(this.input, this.#state, command));
      this.#events.push({ kind: 'succeeded', item, result, at: now() });
    } catch (error) {
      if (!isCancellation(error))
        this.#events.push({ kind: 'failed', item, code: failureFrom(error).code, at: now() });
    }
    if (this.#scopes.get(item) === scope) this.#scopes.delete(item);
    this.#running -= 1;
  }

  async #wait(item: string, withinMs: number): Promise<void> {
    try {
      await this.#waits.run(() => sleep(withinMs));
      this.#events.push({ kind: 'expired', item, at: now() });
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }

  #admit(id: string, code: string | null): void {
    this.#running += 1;
    this.#admission = this.#admission.then(async () => {
      const { accepted, assignment } = this.input.input;
      const item = indexOf(this.#state.graph).byId.get(id);
      try {
        if (!item) return;
        const { items, ledger } = await admitWork({
          run: this.input.run.run,
          accepted,
          assignment,
          item,
          result: code === null ? itemState(this.#state, id).result : null,
          code,
          ledger: this.#state.ledger ?? null,
        });
        this.#events.push({ kind: 'discovered', by: id, items, ...(ledger === null ? {} : { ledger }) });
      } catch (error) {
        this.#end(error);
      } finally {
        this.#running -= 1;
      }
      // The next one is compared with this one, so what it led to is taken in before.
      await condition(() => !this.#events.some((event) => event.kind === 'discovered' && event.by === id));
    });
  }

  async #continueAsNew(): Promise<never> {
    const { startedAt } = this;
    const { reused: _, ...input } = this.input;
    return await continueAsNew({
      ...input,
      // Whatever the state is carried as, the graph is in it.
      graph: null,
      startedAt,
      state: await closeState(this.#state),
      handled: this.#desk.handled,
    });
  }
}

const continueAsNew = makeContinueAsNewFunc<
  (input: ExecuteInput & { startedAt: string }) => Promise<unknown>
>({
  workflowType: 'execute',
});

function tooLong({ continueAfter }: ExecuteInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || (continueAfter !== undefined && historyLength >= continueAfter);
}

const now = (): string => new Date().toISOString();
