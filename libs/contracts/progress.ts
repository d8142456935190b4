import { z } from 'zod';
import { phaseNames } from '../protocol/phases.js';
import { runStates } from '../protocol/states.js';
import { rollbackPointSchema } from './resumption.js';

const time = z.iso.datetime();

/** How far the work of a run is, and when it is expected to end. */
export const runProgressSchema = z.strictObject({
  run: z.string(),
  state: z.enum(runStates),
  currentPhase: z.enum(phaseNames).nullable(),
  /** The category of the current step; null while there is none. */
  currentCategory: z.string().nullable(),
  /** Percent of the items' expected time; at most 99 until the run has closed. */
  progress: z.number().min(0).max(100),
  /** When the items are expected to have ended. Null where nothing says how long they take, or nothing is left. */
  estimatedCompletion: time.nullable(),
  activeAgents: z.array(z.string()),
  blockers: z.array(z.string()),
  tracker: z.strictObject({
    total_steps: z.int().nonnegative(),
    completed: z.int().nonnegative(),
    /** The first item that runs, else the first that waits for a person; null while there is none. */
    current_step: z
      .strictObject({
        name: z.string(),
        started: time,
        /** Null where nothing says how long it takes, or it waits for a person. */
        estimated_completion: time.nullable(),
        /** What keeps this step from going on by itself, and nothing of other steps. */
        blockers: z.array(z.string()),
      })
      .nullable(),
    /** States that another run can start from, as they were reached. */
    rollback_points: z.array(rollbackPointSchema),
  }),
});
export type RunProgress = z.infer<typeof runProgressSchema>;
