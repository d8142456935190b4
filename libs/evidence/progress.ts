import { AsyncLocalStorage } from 'node:async_hooks';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { mediaType } from '../artifacts/media-types.js';
import type { Step } from '../contracts/evidence.js';
import type { Signer } from '../crypto/signer.js';
import { Trust } from '../crypto/trust.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { payloadType } from '../protocol/payload-types.js';
import { type ProvenStep, readChain, stepEntryName } from './step-entries.js';
import { linkProblems } from './step-problems.js';

/** What an activity says of how far it has come. */
export interface Advance {
  /** What was reached, in a few words; at most 100 characters. */
  readonly milestone: string;
  /** 0 to 100, never less than the attempt said before. */
  readonly percent: number;
  /** Digest of the state from which a later attempt can go on, where there is one. */
  readonly checkpoint?: Digest | undefined;
  /** Digests of what was stored for others since the step before. */
  readonly effects?: readonly Digest[] | undefined;
}

/** What heartbeats carry, once a step was proven. */
export interface ProgressDetails {
  readonly step: Digest;
  readonly milestone: string;
  readonly percent: number;
  /** What the work has come to since; JSON, at most 2 KB. It is gone with the next step, and proves nothing. */
  readonly partial?: unknown;
}

/**
 * Proves that the current activity has come further: a signed step, chained to the one before, is kept beside the
 * attempt log, and heartbeats name it from then on. Outside an activity, and in a local one, it does nothing.
 *
 * An attempt that begins again says again what an earlier one had reached: the percentage then stays where it was.
 * After {@link mostSteps} an activity proves no more.
 *
 * @throws RangeError the percentage is none, or less than this attempt said before; or the step is over 1 KB
 */
export async function proveStep(advance: Advance): Promise<void> {
  await progress.getStore()?.prove(advance);
}

/**
 * Has heartbeats carry what the current activity's work has come to, until its next step. Nothing keeps it, and no
 * evidence names it. Before the first step, outside an activity, and in a local one, it does nothing.
 *
 * @param partial JSON, at most 2 KB
 */
export const showPartial = (partial: unknown): void => progress.getStore()?.show(partial);

/**
 * The last step that the current activity proved, in this attempt or an earlier one; undefined where there is none,
 * or where it is not signed by this process's own key: from what others say, nothing is resumed.
 */
export const lastStep = (): Step | undefined => progress.getStore()?.resumable();

/** Carries the progress of the current attempt; entered by the activity interceptor. */
export const progress = new AsyncLocalStorage<Progress | undefined>();

/** Steps that an activity proves, over all its attempts. */
export const mostSteps = 200;

const mostBytes = 1024;
const longestMilestone = 100;

/** Which attempt it is that proves steps. */
export interface Proving {
  readonly store: ArtifactStore;
  /** Of the process that carries the activity out. */
  readonly signer: Signer;
  readonly run: string;
  readonly workflowId: string;
  readonly activityId: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Sends a heartbeat. */
  readonly heartbeat: (details?: ProgressDetails) => void;
}

/** The steps of an activity, as one of its attempts goes on with them. */
export class Progress {
  #chain: readonly ProvenStep[];
  #said = 0;
  #partial: unknown;
  #last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly proving: Proving,
    chain: readonly ProvenStep[],
  ) {
    this.#chain = chain;
  }

  /**
   * Reads what earlier attempts proved.
   *
   * @throws HeptadError `ArtifactCorrupt` their steps are not one chain
   * @throws HeptadError `WorkerStopping` (retried) a later attempt has proven a step
   */
  static async open(proving: Proving): Promise<Progress> {
    return new Progress(proving, await chainFor(proving));
  }

  /** Whether a digest, such as a heartbeat's, is one of the steps so far. */
  has(digest: unknown): boolean {
    return this.#chain.some((proven) => proven.digest === digest);
  }

  /** Digest of the last step that this very attempt proved; null where it proved none. */
  get provenHere(): Digest | null {
    const last = this.#chain.at(-1);
    return last?.step.attempt === this.proving.attempt ? last.digest : null;
  }

  /** Says that the activity lives, and what it proved last. */
  beat(): void {
    const last = this.#chain.at(-1);
    if (!last) this.proving.heartbeat();
    else {
      const { milestone, percent } = last.step;
      this.proving.heartbeat({
        ...{ step: last.digest, milestone, percent },
        ...(this.#partial === undefined ? {} : { partial: this.#partial }),
      });
    }
  }

  /** See {@link showPartial}. */
  show(partial: unknown): void {
    this.#partial = partial;
  }

  resumable(): Step | undefined {
    const step = this.#chain.at(-1)?.step;
    const { signer } = this.proving;
    const own = { type: payloadType.step, identity: signer.identity };
    return step && trustInOwn(signer).problemsOf(step, own).length === 0 ? step : undefined;
  }

  /** See {@link proveStep}. Calls at once are taken one after another. */
  prove(advance: Advance): Promise<void> {
    const { milestone, percent } = advance;
    if (!(percent >= this.#said && percent <= 100))
      throw new RangeError(`The step "${milestone}" says ${percent} percent, after ${this.#said}.`);
    if (milestone.length > longestMilestone)
      throw new RangeError(`The milestone "${milestone}" has over ${longestMilestone} characters.`);
    this.#said = percent;
    const proven = this.#last.then(() => this.#append(advance));
    this.#last = proven.catch(() => undefined);
    return proven;
  }

  async #append(advance: Advance): Promise<void> {
    const { store } = this.proving;
    while (this.#chain.length < mostSteps) {
      const step = this.#next(advance);
      const bytes = canonicalJson(step);
      if (bytes.length > mostBytes)
        throw new RangeError(`The step "${step.milestone}" has ${bytes.length} bytes, over ${mostBytes}.`);
      const { digest } = await store.put(bytes, mediaType.json);
      const name = stepEntryName(this.proving, step.number);
      if (await store.entries.put(name, bytes, { ifAbsent: true })) {
        this.#chain = [...this.#chain, { step, digest }];
        this.#partial = undefined;
        this.beat();
        return;
      }
      // Another attempt was not dead yet when this one read the chain, or this one is not when a later one began.
      this.#chain = await chainFor(this.proving);
    }
  }

  #next({ milestone, percent, checkpoint, effects = [] }: Advance): Step {
    const { signer, attempt, workflowId, activityId } = this.proving;
    const before = this.#chain.at(-1);
    const now = new Date().toISOString();
    return signer.signed(payloadType.step, {
      version: 1 as const,
      key: `${workflowId}:${activityId}`,
      attempt,
      number: this.#chain.length + 1,
      previous: before?.digest ?? null,
      // Attempts on two machines may have clocks that differ.
      at: before && before.step.at > now ? before.step.at : now,
      milestone,
      percent: Math.max(percent, before?.step.percent ?? 0),
      checkpoint: checkpoint ?? null,
      effects: [...effects],
    });
  }
}

/** The chain that an attempt may add to. */
async function chainFor({ store, run, workflowId, activityId, attempt }: Proving): Promise<ProvenStep[]> {
  const chain = await readChain(store, { run, workflowId, activityId });
  const what = `${workflowId}:${activityId}`;
  const problems = linkProblems(chain.map(({ step }) => step));
  if (problems.length > 0)
    throw new HeptadError(
      'ArtifactCorrupt',
      `The steps that ${what} proved are not one chain: ${problems.join(' ')}`,
    );
  const last = chain.at(-1)?.step.attempt ?? attempt;
  if (last > attempt)
    throw new HeptadError(
      'WorkerStopping',
      `The attempt ${last} of ${what} goes on, so the attempt ${attempt} ends.`,
    );
  return chain;
}

const trustInOwn = ({ keyid, identity, publicKey }: Signer): Trust =>
  new Trust([{ keyid, identity, publicKey, since: '', retired: null, revoked: null, succeeds: null }]);
