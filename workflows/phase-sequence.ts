import {
  ChildWorkflowCancellationType,
  defineQuery,
  executeChild,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { PhaseAccount } from '../libs/contracts/activities.js';
import type { ArtifactRef } from '../libs/contracts/artifact.js';
import type { NamedRefs, PhaseInput, PhaseResult } from '../libs/contracts/phase.js';
import type { RunRequest } from '../libs/contracts/request.js';
import { queryName } from '../libs/protocol/messages.js';
import { workflowId } from '../libs/protocol/names.js';
import { type PhaseName, phaseNames, phaseNumber } from '../libs/protocol/phases.js';
import { searchAttribute } from '../libs/protocol/search-attributes.js';
import { type Failure, failureFrom, recordOf } from './failures.js';

/** What the sequence adds to what the caller says of a phase. */
type Added = Omit<PhaseInput, 'input'>;

interface Passed {
  readonly state: PhaseAccount['state'];
  readonly record: ArtifactRef | null;
  readonly summary: string;
}

/** Starts one phase after the other as a child workflow, chains record to record, and keeps the account. */
export class PhaseSequence {
  failure: Failure | null = null;
  private readonly passed = new Map<PhaseName, Passed>();
  private previous: ArtifactRef | null = null;

  constructor(private readonly request: RunRequest) {
    setHandler(defineQuery<PhaseAccount[]>(queryName.progress), () => this.account(), {
      description: 'The seven phases: how each stands, and its record.',
    });
  }

  async next<Particular extends Pick<PhaseInput, 'input'>, Facts>(
    phase: PhaseName,
    workflow: (input: Particular & Added) => Promise<PhaseResult<Facts>>,
    particular: Particular,
  ): Promise<PhaseResult<Facts>> {
    upsertSearchAttributes([{ key: searchAttribute.phase, value: phase }]);
    this.show(phase);
    try {
      const result = await executeChild(workflow, {
        workflowId: workflowId.phase(this.request.run, phase),
        args: [
          {
            ...particular,
            run: this.request,
            waiverWindowMs: this.request.waiverWindowMs,
            previous: this.previous,
          },
        ],
        staticSummary: `${phaseNumber(phase)} of 7: ${phase}`,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      });
      this.keep(phase, { state: 'completed', record: result.record, summary: result.summary });
      return result;
    } catch (error) {
      const state = isCancellation(error) ? 'cancelled' : 'failed';
      this.keep(phase, { state, record: recordOf(error), summary: failureFrom(error).message });
      throw error;
    }
  }

  failed(error: unknown): void {
    this.failure = failureFrom(error);
  }

  account(): PhaseAccount[] {
    return phaseNames.map((phase) => {
      const { state, record } = this.passed.get(phase) ?? { state: 'not-started', record: null };
      return { phase, state, record };
    });
  }

  /** Records so far, by phase. */
  records(): NamedRefs {
    return Object.fromEntries(
      [...this.passed].flatMap(([phase, { record }]) => (record ? [[phase, record]] : [])),
    );
  }

  /** The same as inputs of a phase, `record-{phase}`. */
  recordsAsInput(): NamedRefs {
    return Object.fromEntries(
      Object.entries(this.records()).map(([phase, record]) => [`record-${phase}`, record]),
    );
  }

  private keep(phase: PhaseName, passed: Passed): void {
    this.passed.set(phase, passed);
    this.previous = passed.record ?? this.previous;
    this.show(phase);
  }

  private show(current: PhaseName): void {
    const lines = phaseNames.map((phase) => {
      const passed = this.passed.get(phase);
      const state = passed
        ? `${passed.state} · ${passed.summary}`
        : phase === current
          ? 'running'
          : 'to come';
      return `${phaseNumber(phase)}. **${phase}** ${state}`;
    });
    setCurrentDetails(lines.join('\n'));
  }
}
