import {
  CancellationScope,
  ContinueAsNew,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
} from '@temporalio/workflow';
import type { EvidenceActivities, VerificationActivities } from '../../libs/contracts/activities.js';
import type { Pass, VerdictRef } from '../../libs/contracts/evidence.js';
import type { PhaseInput, PhaseResult, Staged } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { type PhaseName, phaseNumber } from '../../libs/protocol/phases.js';
import { allEnded } from '../all-ended.js';
import { endWith, type Failure, failureFrom } from '../failures.js';

const { judgePhase } = proxyActivities<VerificationActivities>({
  taskQueue: queue.verify,
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '1 day',
  heartbeatTimeout: '2s',
  retry: effects.guarded,
});

// Short work beside the workflow's own: a local activity spares a durable transition.
const { writeRecord } = proxyLocalActivities<EvidenceActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: effects.guarded,
});

/** The passes that judge each phase; the others are named in the record as not run, with the reason. */
const passesOf = (name: PhaseName): readonly Pass[] => (name === 'execute' ? ['A', 'B', 'C'] : ['A']);
const allPasses: readonly Pass[] = ['A', 'B', 'C'];
const reasonNotRun = 'This version has no such pass for this phase.';

/** What a phase's work is told beside its input: when the chain of its runs began. */
export interface PhaseContext {
  readonly startedAt: string;
}

/** How a phase differs from the others. */
interface PhaseParts<Input extends PhaseInput, Facts> {
  /** Only stages: nothing leaves Heptad. */
  readonly work: (input: Input, context: PhaseContext) => Promise<Staged<Facts>>;
  /** The phase's outward effect, keyed by the record. Only `deliver` has one. */
  readonly commit?: (input: Input, result: PhaseResult<Facts>) => Promise<PhaseResult<Facts>>;
}

/** A phase that continues as new carries when it began. */
interface Continued {
  readonly startedAt?: string;
}

/**
 * Wraps a phase: work, verdicts, record, commit. The record is written also when work or verdicts failed, and
 * also when the run is cancelled.
 */
export function phase<Input extends PhaseInput, Facts = null>(
  name: PhaseName,
  { work, commit }: PhaseParts<Input, Facts>,
): (input: Input & Continued) => Promise<PhaseResult<Facts>> {
  const wrapped = async (input: Input & Continued): Promise<PhaseResult<Facts>> => {
    const startedAt = input.startedAt ?? now();
    const verdicts: VerdictRef[] = [];
    let staged: Staged<Facts> | null = null;
    let failure: Failure | null = null;
    let cancellation: unknown;
    try {
      say(name, 'working');
      staged = await work(input, { startedAt });
      say(name, `verifying: ${staged.summary}`);
      verdicts.push(...(await judged(name, input, staged)));
      failure = rejection(verdicts);
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      if (isCancellation(error)) cancellation = error;
      failure = failureFrom(error);
    }
    const record = await CancellationScope.nonCancellable(() =>
      writeRecord({
        run: input.run.run,
        tenant: input.run.tenant,
        phase: name,
        round: 1,
        input: input.input,
        output: staged?.outcome ?? null,
        failure,
        verdicts,
        notRun: notRun(name, verdicts),
        startedAt,
        endedAt: now(),
        previous: input.previous,
      }),
    );
    if (failure || !staged) {
      say(name, `failed: ${failure?.message}`);
      if (cancellation) throw cancellation;
      throw endWith(failure ?? { code: 'Unexpected', message: 'The phase staged nothing.' }, record);
    }
    const result: PhaseResult<Facts> = { ...staged, phase: name, record };
    const committed = commit ? await commit(input, result) : result;
    say(name, `done: ${committed.summary}`);
    return committed;
  };
  // The worker registers a workflow by its export's name, but a child is started by the function's own.
  return Object.defineProperty(wrapped, 'name', { value: name });
}

async function judged(name: PhaseName, input: PhaseInput, staged: Staged<unknown>): Promise<VerdictRef[]> {
  return await allEnded(
    passesOf(name).map((pass) =>
      judgePhase.executeWithOptions(
        { activityId: `pass-${pass}.1`, summary: `Pass ${pass} judges ${name}` },
        [{ run: input.run.run, phase: name, round: 1, pass, input: input.input, output: staged.outcome }],
      ),
    ),
  );
}

function rejection(verdicts: readonly VerdictRef[]): Failure | null {
  const rejected = verdicts.filter((verdict) => !verdict.passed);
  if (rejected.length === 0) return null;
  const reasons = rejected.map(({ pass, failures }) => `pass ${pass}: ${failures.join('; ')}`);
  return { code: 'VerificationFailed', message: `Rejected by ${reasons.join('. ')}`.slice(0, 500) };
}

function notRun(name: PhaseName, verdicts: readonly VerdictRef[]): { pass: Pass; reason: string }[] {
  const ran = new Set(verdicts.map(({ pass }) => pass));
  const meant = new Set(passesOf(name));
  return allPasses
    .filter((pass) => !ran.has(pass))
    .map((pass) => ({
      pass,
      reason: meant.has(pass) ? 'The phase ended before it could run.' : reasonNotRun,
    }));
}

function say(name: PhaseName, what: string): void {
  setCurrentDetails(`**${phaseNumber(name)} of 7, ${name}** · ${what}`);
}

/** The workflow's own clock, which replays. */
const now = (): string => new Date().toISOString();
