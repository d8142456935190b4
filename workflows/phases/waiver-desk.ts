import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  getExternalWorkflowHandle,
  isCancellation,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { EvidenceActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { VerdictRef } from '../../libs/contracts/evidence.js';
import type { AwaitedWaiver } from '../../libs/contracts/waiver.js';
import { effects } from '../../libs/protocol/effects.js';
import { errors } from '../../libs/protocol/errors.js';
import { signalName, updateName } from '../../libs/protocol/messages.js';
import type { PhaseName } from '../../libs/protocol/phases.js';

const { checkWaiver } = proxyLocalActivities<EvidenceActivities>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

/** How long a person has where two passes differ on what is declared not reproducible: a day. */
const disagreementWindowMs = 24 * 60 * 60 * 1000;

interface Asked {
  readonly output: ArtifactRef;
  readonly verdicts: readonly VerdictRef[];
}

/**
 * Takes a person's waiver of failed passes. A waiver that does not count is refused to who sent it, and the phase
 * goes on waiting.
 */
export class WaiverDesk {
  #asked: Asked | null = null;
  #given: ArtifactRef | null = null;

  constructor(
    private readonly run: string,
    private readonly phase: PhaseName,
  ) {
    setHandler(
      defineUpdate<void, [{ waiver: ArtifactRef }]>(updateName.waive),
      ({ waiver }) => this.#take(waiver),
      {
        description:
          'A person lets the phase go on although a pass failed; the argument names the signed waiver.',
        validator: (_: { waiver: ArtifactRef }) => {
          if (!this.#asked)
            throw ApplicationFailure.nonRetryable(errors.NothingToWaive.says, 'NothingToWaive');
        },
      },
    );
  }

  /**
   * Asks people for a waiver of the verdicts that did not pass, and waits.
   *
   * @param windowMs how long, in milliseconds; 0 asks nobody, unless passes only disagree
   * @returns the waiver; null where none came in time
   */
  async ask(
    output: ArtifactRef,
    verdicts: readonly VerdictRef[],
    says: string,
    windowMs: number,
  ): Promise<ArtifactRef | null> {
    const failed = verdicts.filter(({ passed }) => !passed);
    const disagreement = failed.every(({ disagrees }) => disagrees);
    const window = disagreement ? Math.max(windowMs, disagreementWindowMs) : windowMs;
    if (window === 0) return null;
    this.#asked = { output, verdicts };
    await this.#tellRun({
      phase: this.phase,
      round: 1,
      output: output.digest,
      verdicts: failed.map(({ verdict }) => verdict.digest).sort(),
      says,
      until: new Date(Date.now() + window).toISOString(),
    });
    try {
      await condition(() => this.#given !== null, window);
      return this.#given;
    } finally {
      this.#asked = null;
      await CancellationScope.nonCancellable(() => this.#tellRun(null));
    }
  }

  async #take(waiver: ArtifactRef): Promise<void> {
    const asked = this.#asked;
    if (!asked) throw ApplicationFailure.nonRetryable(errors.NothingToWaive.says, 'NothingToWaive');
    const { run, phase } = this;
    const { problems } = await checkWaiver({ run, phase, round: 1, ...asked, waiver });
    if (problems.length > 0) throw ApplicationFailure.nonRetryable(problems.join(' '), 'WaiverInvalid');
    this.#given ??= waiver;
  }

  async #tellRun(awaited: AwaitedWaiver | null): Promise<void> {
    const { parent } = workflowInfo();
    if (!parent) return;
    try {
      await getExternalWorkflowHandle(parent.workflowId).signal(signalName.awaiting, awaited);
    } catch (error) {
      // A run that has closed needs no telling.
      if (isCancellation(error)) throw error;
    }
  }
}
