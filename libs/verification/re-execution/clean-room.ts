import type { AgentRoom } from '../../agents/agent-room.js';
import type { AgentManifest } from '../../contracts/agent.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';

/** Where a phase is executed again: with folders and a sandbox of the verifier's own. */
export interface CleanRoom extends AgentRoom {
  /** Folders below which directories and local repositories may be subjects. Absolute. */
  readonly roots: readonly string[];
  /** The agents that may be chosen. Default: those that Heptad ships. */
  readonly roster?: readonly AgentManifest[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onActivity?: (() => void) | undefined;
  /** Called when another item was executed again, with how many percent of them were. */
  readonly onItem?: ((item: string, percent: number) => Promise<void>) | undefined;
}

/** What of an execution again is not said by its checks. */
export interface ReExecution {
  /**
   * Pass A accepts, and all that failed is the declared comparison of agents that declare themselves not
   * reproducible: a person has to settle it.
   */
  readonly disagrees: boolean;
}

/** Executes a phase again: it adds its checks, and throws only what is not the judged phase's fault. */
export type Repetition = (judged: Judged, checks: CheckList, room: CleanRoom) => Promise<ReExecution>;

/** What of a phase in which no agent works: it is the same, or it is rejected. */
export const settled: ReExecution = { disagrees: false };
