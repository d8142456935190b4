import {
  CancellationScope,
  ContinueAsNew,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
} from '@temporalio/workflow';
import type { EvidenceActivities, VerificationActivities } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { Pass, VerdictRef } from '../../libs/contracts/evidence.js';
import type { PhaseInput, PhaseResult, Staged } from '../../libs/contracts/phase.js';
import { effects } from '../../libs/protocol/effects.js';
import { queue } from '../../libs/protocol/names.js';
import { type PhaseName, phaseNumber } from '../../libs/protocol/phases.js';
import { allEnded } from '../all-ended.js';
import { endWith, type Failure, failureFrom } from '../failures.js';
import { WaiverDesk } from './waiver-desk.js';

const { judgePhase } = proxyActivities<VerificationActivities>({
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

/** Every phase is judged by each of them. */
const passes: readonly Pass[] = ['A', 'B', 'C'];
const queueOf: Readonly<Record<Pass, string>> = {
  A: queue.verifyA,
  B: queue.verifyB,
  C: queue.verifyC,
};

/** A phase is judged once. */
const round = 1;

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
    const waivers = new WaiverDesk(input.run.run, name);
    const verdicts: VerdictRef[] = [];
    let staged: Staged<Facts> | null = null;
    let waiver: ArtifactRef | null = null;
    let failure: Failure | null = null;
    let cancellation: unknown;
    try {
      say(name, 'working');
      staged = await work(input, { startedAt });
      say(name, `verifying: ${staged.summary}`);
      verdicts.push(...(await judged(name, input, staged)));
      failure = rejection(verdicts);
      if (failure) {
        say(name, `waiting for a person: ${failure.message}`);
        waiver = await waivers.ask(staged.outcome, verdicts, failure.message, input.waiverWindowMs);
        if (waiver) failure = null;
      }
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      if (isCancellation(error)) cancellation = error;
      failure = failureFrom(error);
    }
    const recorded = (failed: Failure | null): Promise<ArtifactRef> =>
      CancellationScope.nonCancellable(() =>
        writeRecord({
          run: input.run.run,
          tenant: input.run.tenant,
          phase: name,
          round,
          input: input.input,
          output: staged?.outcome ?? null,
          failure: failed,
          verdicts,
          notRun: notRun(verdicts),
          waiver,
          startedAt,
          endedAt: now(),
          previous: input.previous,
        }),
      );
    let record: ArtifactRef;
    try {
      record = await recorded(failure);
    } catch (error) {
      // Verdicts that do not count are found when the record is written: the record then says so.
      const found = failureFrom(error);
      if (failure || found.code !== 'VerdictInvalid') throw error;
      failure = found;
      record = await recorded(failure);
    }
    if (failure || !staged) {
      say(name, `failed: ${failure?.message}`);
      if (cancellation) throw cancellation;
      throw endWith(failure ?? { code: 'Unexpected', message: 'The phase staged nothing.' }, record);
    }
    const result: PhaseResult<Facts> = { ...staged, phase: name, record };
    const committed = commit ? await committing(() => commit(input, result), record) : result;
    say(name, `done: ${committed.summary}`);
    return committed;
  };
  // The worker registers a workflow by its export's name, but a child is started by the function's own.
  return Object.defineProperty(wrapped, 'name', { value: name });
}

/** A commit that fails hands its record on all the same, so that the next one names it. */
async function committing<T>(commit: () => Promise<T>, record: ArtifactRef): Promise<T> {
  try {
    return await commit();
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw endWith(failureFrom(error), record);
  }
}

async function judged(name: PhaseName, input: PhaseInput, staged: Staged<unknown>): Promise<VerdictRef[]> {
  return await allEnded(
    passes.map((pass) =>
      judgePhase.executeWithOptions(
        {
          taskQueue: queueOf[pass],
          activityId: `pass-${pass}.${round}`,
          summary: `Pass ${pass} judges ${name}`,
        },
        [{ run: input.run.run, phase: name, round, pass, input: input.input, output: staged.outcome }],
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

function notRun(verdicts: readonly VerdictRef[]): { pass: Pass; reason: string }[] {
  const ran = new Set(verdicts.map(({ pass }) => pass));
  return passes
    .filter((pass) => !ran.has(pass))
    .map((pass) => ({ pass, reason: 'The phase ended before it could run.' }));
}

function say(name: PhaseName, what: string): void {
  setCurrentDetails(`**${phaseNumber(name)} of 7, ${name}** · ${what}`);
}

/** The workflow's own clock, which replays. */
const now = (): string => new Date().toISOString();
