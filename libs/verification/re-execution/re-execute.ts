import type { PhaseName } from '../../protocol/phases.js';
import { acceptAgain } from './accepted.js';
import { assignAgain } from './assignment.js';
import type { Repetition } from './clean-room.js';
import { accountAgain } from './conclusion.js';
import { executeAgain } from './execution.js';
import { judgeAgain } from './judgement.js';
import { assembleAgain } from './package.js';
import { synthesiseAgain } from './synthesis.js';

const repetitions: Readonly<Record<PhaseName, Repetition>> = {
  ingest: acceptAgain,
  assign: assignAgain,
  execute: executeAgain,
  coordinate: synthesiseAgain,
  verify: judgeAgain,
  deliver: assembleAgain,
  conclude: accountAgain,
};

/**
 * Pass B: the phase is executed again from the same inputs, and what comes of it is compared with what was staged.
 *
 * @throws HeptadError what is not the producer's fault, such as `SandboxUnavailable` or `DependencyUnreachable`
 */
export const reExecute: Repetition = (judged, checks, room) =>
  repetitions[judged.phase](judged, checks, room);
