import { ApplicationFailure, currentUpdateInfo, defineUpdate, setHandler } from '@temporalio/workflow';
import type { AdvanceItems, DecideItem } from '../../libs/contracts/steering.js';
import type { GraphEvent, GraphState } from '../../libs/graph/schedule.js';
import { whyNotDecided } from '../../libs/graph/why-not-decided.js';
import { updateName } from '../../libs/protocol/messages.js';

const mostHandled = 100;

/** Takes what people decide on items, and how far they let them go on. */
export class ItemDesk {
  readonly #handled: string[];

  /**
   * @param handled ids of updates that runs before in the chain have handled
   * @param state the state as it is when somebody decides
   * @param take hands an event to the scheduler
   */
  constructor(handled: readonly string[], state: () => GraphState, take: (event: GraphEvent) => void) {
    this.#handled = [...handled];
    setHandler(
      defineUpdate<void, [DecideItem]>(updateName.decide),
      ({ item, decision, by, reason }) =>
        this.#once(() => take({ kind: 'decided', item, decision, by, reason, at: now() })),
      {
        description:
          'A person approves or rejects a result, has an item retried, recovered, skipped or failed.',
        validator: (decided: DecideItem) => {
          const problem = whyNotDecided(state(), decided);
          if (problem) throw ApplicationFailure.nonRetryable(problem.message, problem.code);
        },
      },
    );
    setHandler(
      defineUpdate<void, [AdvanceItems]>(updateName.advance),
      ({ items }) => this.#once(() => take({ kind: 'allowed', items, at: now() })),
      { description: 'Lets the next item, all that are ready, or everything from now on, go on.' },
    );
  }

  /** Ids of the updates that were handled; the last 100. */
  get handled(): readonly string[] {
    return this.#handled;
  }

  /** An update that was sent to an earlier run of the chain may be delivered again to this one. */
  #once(act: () => void): void {
    const id = currentUpdateInfo()?.id ?? '';
    if (this.#handled.includes(id)) return;
    this.#handled.push(id);
    this.#handled.splice(0, Math.max(0, this.#handled.length - mostHandled));
    act();
  }
}

/** The workflow's own clock, which replays. */
const now = (): string => new Date().toISOString();
