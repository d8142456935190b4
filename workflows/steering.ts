import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AwaitedWaiver } from '../libs/contracts/waiver.js';
import { queryName, signalName } from '../libs/protocol/messages.js';
import { searchAttribute } from '../libs/protocol/search-attributes.js';

/** What steering carries from one run of a chain to the next. */
export interface CarriedSteering {
  readonly paused: boolean;
  /** How often each verb was called, so that activity ids stay unique over the chain. */
  readonly occurrences: Readonly<Record<string, number>>;
}

/**
 * Pause and resume of one workflow and its children. Paused means that nothing new starts; what runs finishes.
 * Until it has, the run is `pausing`; then each workflow tells its parent that it is quiet, and `run` is `paused`.
 */
export class Steering {
  private paused: boolean;
  private quietSent = false;
  private inFlight = 0;
  /** What a phase waits for a person to waive. */
  private awaited: AwaitedWaiver | null = null;
  private readonly occurrences: Record<string, number>;
  /** Children that are open, and whether each has said that it is quiet. */
  private readonly children = new Map<string, { quiet: boolean }>();

  constructor(carried: CarriedSteering = { paused: false, occurrences: {} }) {
    this.paused = carried.paused;
    this.occurrences = { ...carried.occurrences };
  }

  /** Takes signals from now on. Cancelling ends a pause: what is paused must still be able to conclude. */
  listen(): void {
    setHandler(defineSignal(signalName.pause), () => this.pause(), {
      description: 'Starts nothing new; what runs finishes.',
    });
    setHandler(defineSignal(signalName.resume), () => this.resume(), {
      description: 'Goes on after a pause.',
    });
    setHandler(defineSignal<[string]>(signalName.quiet), (child) => this.childQuiet(child), {
      description: 'A child says that nothing of it runs any more; people do not send it.',
    });
    if (!workflowInfo().parent) this.listenForPeople();
    CancellationScope.current().cancelRequested.catch(() => this.endPause());
  }

  /** A phase that waits for a person tells `run`, which shows it. */
  private listenForPeople(): void {
    const awaiting = defineSignal<[AwaitedWaiver | null]>(signalName.awaiting);
    setHandler(
      awaiting,
      (awaited) => {
        this.awaited = awaited;
        if (!this.paused) this.show('running');
      },
      { description: 'A phase waits for a person, or no longer does; people do not send it.' },
    );
    setHandler(defineQuery<AwaitedWaiver | null>(queryName.awaited), () => this.awaited, {
      description: 'What waits for a person: the phase, its output and the verdicts that did not pass.',
    });
  }

  /** Waits while paused, then counts what is done as in flight. */
  async during<T>(doing: () => Promise<T>): Promise<T> {
    // Every activity comes by here, and a promise in a workflow is dear: its stack is captured. It is awaited in any case,
    // so that commands are in the same order as ever.
    await (this.paused ? condition(() => !this.paused) : undefined);
    this.inFlight += 1;
    try {
      return await doing();
    } finally {
      this.inFlight -= 1;
      if (this.paused) await this.sayWhenQuiet();
    }
  }

  /** Waits while paused, then follows a child until it closes. */
  async child<T>(
    workflowId: string,
    start: () => Promise<[Promise<string>, Promise<T>]>,
  ): Promise<[Promise<string>, Promise<T>]> {
    await condition(() => !this.paused);
    this.children.set(workflowId, { quiet: false });
    const closed = async (): Promise<void> => {
      this.children.delete(workflowId);
      await this.sayWhenQuiet();
    };
    const [started, result] = await start();
    result.then(closed, closed).catch(() => undefined);
    // A pause that arrived while the child was being started did not reach it.
    started.then(() => (this.paused ? tell(workflowId, signalName.pause) : undefined)).catch(() => undefined);
    return [started, result];
  }

  /** `{verb}.{n}`, unique over the chain. */
  nextId(verb: string): string {
    const occurrence = (this.occurrences[verb] ?? 0) + 1;
    this.occurrences[verb] = occurrence;
    return `${verb}.${occurrence}`;
  }

  carry(): CarriedSteering {
    return { paused: this.paused, occurrences: this.occurrences };
  }

  private async pause(): Promise<void> {
    if (this.paused) return;
    this.paused = true;
    this.show('pausing');
    await this.relay(signalName.pause);
    await this.sayWhenQuiet();
  }

  private async resume(): Promise<void> {
    if (!this.paused) return;
    this.endPause();
    await this.relay(signalName.resume);
  }

  /** Children that are cancelled end their pause by themselves, so that nothing new starts in between. */
  private endPause(): void {
    if (!this.paused) return;
    this.paused = false;
    this.quietSent = false;
    this.show('running');
    for (const child of this.children.values()) child.quiet = false;
  }

  private async childQuiet(workflowId: string): Promise<void> {
    const child = this.children.get(workflowId);
    if (child) child.quiet = true;
    await this.sayWhenQuiet();
  }

  private async relay(signal: string): Promise<void> {
    await CancellationScope.nonCancellable(() =>
      Promise.all([...this.children.keys()].map((id) => tell(id, signal))),
    );
  }

  private async sayWhenQuiet(): Promise<void> {
    const quiet = this.inFlight === 0 && [...this.children.values()].every((child) => child.quiet);
    if (!this.paused || this.quietSent || !quiet) return;
    this.quietSent = true;
    const { parent, workflowId } = workflowInfo();
    if (parent)
      await CancellationScope.nonCancellable(() => tell(parent.workflowId, signalName.quiet, workflowId));
    else this.show('paused');
  }

  private show(steering: 'running' | 'pausing' | 'paused'): void {
    if (workflowInfo().parent) return;
    const value = steering === 'running' && this.awaited ? 'waiting' : steering;
    upsertSearchAttributes([{ key: searchAttribute.steering, value }]);
  }
}

/** Signals another workflow; one that has closed meanwhile needs no telling. */
async function tell(workflowId: string, signal: string, ...args: string[]): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
