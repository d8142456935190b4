import type { ZodType } from 'zod';
import {
  acceptedRequestSchema,
  assignmentSchema,
  conclusionSchema,
  executionSchema,
  stagedPackageSchema,
} from '../../contracts/phase.js';
import { judgementSchema, synthesisSchema } from '../../contracts/reports/synthesis.js';
import type { PhaseName } from '../../protocol/phases.js';
import { byteProblems } from '../check-bytes.js';
import type { CheckList } from '../check-list.js';
import type { Judge, Judged } from '../judged.js';
import { namedDigests } from '../named-digests.js';
import { checkAccepted } from './accepted.js';
import { checkAssignment } from './assignment.js';
import { checkConclusion } from './conclusion.js';
import { checkExecution } from './execution.js';
import { checkJudgement } from './judgement.js';
import { checkPackage } from './package.js';
import { checkSynthesis } from './synthesis.js';

/** What a phase stages, and how it hangs together. */
interface OutcomeRules<T> {
  readonly schema: ZodType<T>;
  readonly consistent: (judged: Judged, checks: CheckList, outcome: T) => Promise<void>;
  /** Values that people wrote: JSON pointers that are not searched for digests. */
  readonly written?: readonly string[];
}

const rules = <T>(of: OutcomeRules<T>): Judge => {
  return async (judged, checks) => {
    const { store, input, output } = judged;
    const named = Object.entries(input).map(([name, ref]) => ({
      kind: 'artifact' as const,
      path: `/${name}`,
      ref,
    }));
    checks.problems(
      'inputs-exist',
      `${named.length} inputs were read and have their digests.`,
      await byteProblems(judged, named),
    );
    const outcome = await checks.attempt('schema', 'The output keeps to its contract.', () =>
      store.getJson(output.digest, of.schema),
    );
    if (outcome === undefined) return;
    const digests = namedDigests(outcome, of.written);
    checks.problems(
      'digests-exist',
      `${digests.length} digests are named; the bytes of each were read and have it.`,
      await byteProblems(judged, [{ kind: 'artifact', path: '', ref: output }, ...digests]),
    );
    await of.consistent(judged, checks, outcome);
  };
};

const judges: Readonly<Record<PhaseName, Judge>> = {
  ingest: rules({
    schema: acceptedRequestSchema,
    consistent: checkAccepted,
    written: [
      '/request/input',
      '/request/sentence',
      '/request/subject',
      '/request/test',
      '/captured/subject',
    ],
  }),
  assign: rules({ schema: assignmentSchema, consistent: checkAssignment, written: ['/test'] }),
  execute: rules({ schema: executionSchema, consistent: checkExecution }),
  coordinate: rules({
    schema: synthesisSchema,
    consistent: checkSynthesis,
    written: ['/synthesis', '/decisions'],
  }),
  verify: rules({ schema: judgementSchema, consistent: checkJudgement }),
  deliver: rules({ schema: stagedPackageSchema, consistent: checkPackage }),
  conclude: rules({ schema: conclusionSchema, consistent: checkConclusion }),
};

/** Pass A: the output of a phase keeps to its contract, is consistent in itself, and names only what exists. */
export const selfCheck: Judge = (judged, checks) => judges[judged.phase](judged, checks);
