import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { type ErrorCode, errors, HeptadError } from '../../libs/protocol/errors.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

interface BreakerOptions {
  /** Consecutive failures that open it. Default 3. */
  readonly failures?: number;
  /** How long it stays open before one call is let through, in milliseconds. Default 10 s. */
  readonly openMs?: number;
  /** Told of each transition. */
  readonly onTransition?: (dependency: string, state: BreakerState) => void;
}

/** Only failures to reach or start a dependency count, never a negative result of one that answered. */
const counting: ReadonlySet<ErrorCode> = new Set(['DependencyUnreachable', 'SandboxUnavailable']);
const counts = (error: unknown): boolean => error instanceof HeptadError && counting.has(error.code);

interface Breaker {
  readonly policy: CircuitBreakerPolicy;
  /** When it may be tried again, in milliseconds of the epoch. */
  retryAt: number;
}

/** One circuit breaker per dependency, in this process. */
export class CircuitBreakers {
  readonly #breakers = new Map<string, Breaker>();
  readonly #options: Required<BreakerOptions>;

  constructor({ failures = 3, openMs = 10_000, onTransition = () => undefined }: BreakerOptions = {}) {
    this.#options = { failures, openMs, onTransition };
  }

  /**
   * Calls a dependency unless its breaker is open.
   *
   * @throws ApplicationFailure `CircuitOpen`, to be retried when the breaker lets a call through
   */
  async guard<T>(dependency: string, call: () => Promise<T>): Promise<T> {
    const breaker = this.#breakerOf(dependency);
    try {
      return await breaker.policy.execute(call);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw ApplicationFailure.create({
        type: 'CircuitOpen',
        message: `${errors.CircuitOpen.says} (${dependency})`,
        nextRetryDelay: Math.max(breaker.retryAt - Date.now(), 50),
        category: ApplicationFailureCategory.BENIGN,
      });
    }
  }

  state(dependency: string): BreakerState {
    const breaker = this.#breakers.get(dependency);
    return breaker ? nameOf(breaker.policy.state) : 'closed';
  }

  #breakerOf(dependency: string): Breaker {
    const known = this.#breakers.get(dependency);
    if (known) return known;
    const { failures, openMs, onTransition } = this.#options;
    const policy = circuitBreaker(handleWhen(counts), {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    const breaker: Breaker = { policy, retryAt: 0 };
    policy.onStateChange((state) => {
      if (state === CircuitState.Open) breaker.retryAt = Date.now() + openMs;
      onTransition(dependency, nameOf(state));
    });
    this.#breakers.set(dependency, breaker);
    return breaker;
  }
}

function nameOf(state: CircuitState): BreakerState {
  switch (state) {
    case CircuitState.Closed:
      return 'closed';
    case CircuitState.HalfOpen:
      return 'half-open';
    case CircuitState.Open:
    case CircuitState.Isolated:
      return 'open';
  }
}
