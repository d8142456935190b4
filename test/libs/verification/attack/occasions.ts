import { mediaType } from '../../../../libs/artifacts/media-types.js';
import { digestOfState } from '../../../../libs/continuation/state.js';
import type { ArtifactRef } from '../../../../libs/contracts/artifact.js';
import type { AcceptedRequest, Assignment, Execution } from '../../../../libs/contracts/phase.js';
import type { Synthesis } from '../../../../libs/contracts/reports/synthesis.js';
import type { Resumption } from '../../../../libs/contracts/resumption.js';
import type { Subject } from '../../../../libs/contracts/subject.js';
import type { PhaseName } from '../../../../libs/protocol/phases.js';
import { lackingOf } from '../../../../libs/synthesis/lacking.js';
import type { Judged } from '../../../../libs/verification/judged.js';
import { inputsOf, judgedPhase } from '../../../support/judged-phase.js';
import { plainRun, type Shape } from '../../../support/plain-run.js';
import { plannedProcedure } from '../../../support/planned-procedure.js';
import { smallDelivery } from '../../../support/small-delivery.js';
import type { SmallRun } from '../../../support/small-run.js';
import { stagedSegment } from '../../../support/staged-segment.js';
import { assembled, concluded, stagedBy } from './staged-phases.js';

type Staging = (small: SmallRun) => Promise<Judged>;

/** Outputs of each phase that together give occasion for every forgery of it. */
export const occasions: Readonly<Record<PhaseName, readonly Staging[]>> = {
  ingest: [
    stagedBy.ingest,
    (small) => withSubject(small, npm, { integrity: 'sha512-AAAA' }),
    (small) => withSubject(small, git, { commit: 'c'.repeat(40) }),
    (small) => withSubject(small, text, { title: 'text:Say how to install it.' }),
    resumed,
  ],
  assign: [
    stagedBy.assign,
    withDependencies,
    (small) => judgedPhase(small, 'assign', reusing(small)),
    plannedProcedure,
  ],
  execute: [
    stagedBy.execute,
    (small) => uncontested(small, 'reports', 'execute'),
    (small) => uncontested(small, 'chain', 'execute'),
    withReused,
    withSegment,
  ],
  coordinate: [stagedBy.coordinate, withOpenQuestions],
  verify: [stagedBy.verify, (small) => uncontested(small, 'reports', 'verify')],
  deliver: [stagedBy.deliver, withEvaluations],
  conclude: [
    stagedBy.conclude,
    async (small) => concluded(small, await smallDelivery(small), { failed: 'coordinate' }),
  ],
};

/** Of a run in which nothing competes, by the same verifiers. */
async function uncontested({ signers }: SmallRun, shape: Shape, phase: 'execute' | 'verify') {
  const plain = await plainRun({ shape, signers });
  return await judgedPhase(plain, phase, phase === 'execute' ? plain.execution : plain.judgement);
}

const npm: Subject = { kind: 'npm', name: 'small', version: '1.0.0' };
const text: Subject = { kind: 'text', text: 'Say how to install it.' };
const git: Subject = { kind: 'git', url: 'https://example.org/small.git' };

function withSubject(small: SmallRun, subject: Subject, identity: object): Promise<Judged> {
  const { accepted } = small;
  return judgedPhase(small, 'ingest', {
    ...accepted,
    request: { ...accepted.request, subject },
    captured: { ...accepted.captured, subject, ...identity },
    checks: [...accepted.checks, { check: 'form', says: 'It is well formed.' }],
  });
}

/** The run goes on from the captured subject of an earlier one. */
async function resumed(small: SmallRun): Promise<Judged> {
  const { accepted, store } = small;
  const state = { workspace: small.captured.digest, results: [] };
  const resumption: Resumption = {
    ...{ kind: 'resumption', version: 1, how: 'rollback', run: 'earlier', origin: 'earlier' },
    ...{ template: accepted.request.template.digest, point: 'subject', item: null, discoveries: [] },
    ...{ captured: accepted.captured, ...state, state: digestOfState(state) },
  };
  const { digest: resume } = await store.putJson(resumption);
  const request = await store.putJson({ request: accepted.request.sentence, resume });
  const going: AcceptedRequest = { ...accepted, request: { ...accepted.request, resume } };
  return await judgedPhase(small, 'ingest', going, { request });
}

/** The first two items are not done again. */
const reusing = ({ assignment, execution }: SmallRun): Assignment => ({
  ...assignment,
  reused: execution.results.slice(0, 2).map((result) => ({ ...result, reusedFrom: 'earlier' })),
});

async function withReused(small: SmallRun): Promise<Judged> {
  const { execution, store } = small;
  const assignment = reusing(small);
  const results = [...(assignment.reused ?? []), ...execution.results.slice(2)];
  return await judgedPhase(
    small,
    'execute',
    { ...execution, results },
    { ...inputsOf(small).execute, assignment: await store.putJson(assignment) },
  );
}

/** A segment of 40 inputs in three chunks, of which two failed. */
export async function withSegment({ trust }: SmallRun): Promise<Judged> {
  return { ...(await stagedSegment()), trust: async () => trust };
}

async function withDependencies(small: SmallRun): Promise<Judged> {
  const { store, assignment } = small;
  const lock = await store.putJson({
    lockfileVersion: 3,
    packages: { '': {}, 'node_modules/tiny': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` } },
  });
  const file = await store.put('{"name":"tiny","version":"1.0.0"}\n', mediaType.bytes);
  const { digest } = await store.putJson(
    {
      version: 1,
      entries: [
        {
          kind: 'file',
          path: 'tiny/package.json',
          executable: false,
          size: file.size,
          digest: file.digest,
        },
      ],
    },
    mediaType.snapshot,
  );
  const installed: Assignment = {
    ...assignment,
    dependencies: {
      lock,
      tree: { digest, files: 1, bytes: file.size },
      packages: [{ name: 'tiny', version: '1.0.0', license: null }],
    },
  };
  return await judgedPhase(small, 'assign', installed);
}

/** One item has no result, and two conflicts were found. */
async function withOpenQuestions(small: SmallRun): Promise<Judged> {
  const { execution, synthesis, store } = small;
  const last = execution.results.at(-1)?.item ?? '';
  const unfinished = [{ item: last, status: 'failed' as const, code: 'AgentFailed' }];
  const executed: ArtifactRef = await store.putJson({
    ...execution,
    results: execution.results.filter(({ item }) => item !== last),
    unfinished,
  } satisfies Execution);
  const open: Synthesis = {
    ...synthesis,
    inputs: synthesis.inputs.filter(({ item }) => item !== last),
    missing: [last],
    lacking: lackingOf(unfinished, execution.graph),
    synthesis: {
      ...synthesis.synthesis,
      conflicts: [
        { between: ['code'], about: 'It counts twice.', severity: 'critical', resolution: null },
        { between: ['code'], about: 'It counts less.', severity: 'minor', resolution: 'The first counts.' },
      ],
    },
  };
  return await judgedPhase(small, 'coordinate', open, { ...inputsOf(small).coordinate, executed });
}

/** The merge tried a combination before it ended. */
async function withEvaluations(small: SmallRun): Promise<Judged> {
  const delivery = await smallDelivery(small);
  const { merge } = delivery;
  const merged = await small.store.putJson({
    ...merge,
    evaluations: [
      {
        number: 1,
        generation: 0,
        genome: [],
        workspace: delivery.workspace.digest,
        eligible: true,
        reason: 'Every test that passed before passes.',
        measurements: merge.result.measurements,
        fitness: merge.result.fitness,
        validation: merge.result.validation.digest,
      },
    ],
  });
  return await judgedPhase(small, 'deliver', await assembled({ ...delivery, merged }), delivery.input);
}
