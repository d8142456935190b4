import { accountForRun } from '../../../activities/conclusion/account-for-run.js';
import { attest } from '../../../activities/delivery/attest.js';
import { deliverPackage } from '../../../activities/delivery/deliver-package.js';
import { planDelivery } from '../../../activities/delivery/plan-delivery.js';
import { stagePackage } from '../../../activities/delivery/stage-package.js';
import type { DeliveryInput, PhaseAccount } from '../../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import type { NamedRefs } from '../../../libs/contracts/phase.js';
import type { ErrorCode } from '../../../libs/protocol/errors.js';
import { type PhaseName, phaseNames } from '../../../libs/protocol/phases.js';
import { smallDelivery } from '../small-delivery.js';
import { carryOutPhase } from './carry-out-phase.js';
import type { Progressing } from './genuine-run.js';
import { sealOf } from './recorded-history.js';

interface Course {
  readonly fails: boolean;
  readonly waived: boolean;
}

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Carries a run out in the order of `workflows/run.ts`. */
export async function carryOutRun(run: Progressing, course: Course): Promise<void> {
  const { envelope, small } = run;
  await ingest(run);
  await assign(run);
  const failure = course.fails ? failed : null;
  await execute(run, failure);
  if (failure === null) {
    await coordinate(run, course);
    await verify(run);
    envelope.set({ HeptadDecision: small.judgement.decision });
    await deliver(run);
  }
  await conclude(run, failure);
  if (failure) envelope.failed({ ...failure, details: null });
  else envelope.completed({ decision: small.judgement.decision });
}

const failed: Failure = { code: 'AgentFailed', message: 'The agent of improve-a ended with exit code 3.' };

async function ingest(run: Progressing): Promise<void> {
  const { refs, accepted, run: id } = run.small;
  const { request } = refs;
  await carryOutPhase(run, {
    phase: 'ingest',
    input: { request },
    work: async (call) => {
      await call({ type: 'parseRequest', input: {}, body: async () => ({ parsed: request }) });
      const { title } = accepted.captured;
      const input = { run: id, parsed: request, source: 'local' };
      await call({ type: 'captureSubject', id: 'captureSubject.1', input, body: async () => ({ title }) });
      return await call({ type: 'acceptRequest', input: {}, body: async () => refs.accepted });
    },
  });
}

async function assign(run: Progressing): Promise<void> {
  const { refs, assignment, run: id } = run.small;
  await carryOutPhase(run, {
    phase: 'assign',
    input: { accepted: refs.accepted },
    work: async (call) => {
      await call({
        type: 'probeAgents',
        id: 'probeAgents.1',
        by: 'agents',
        input: { run: id },
        body: async () => assignment.probes,
      });
      return await call({ type: 'planWork', input: {}, body: async () => refs.assignment });
    },
  });
}

async function execute(run: Progressing, failure: Failure | null): Promise<void> {
  const { refs, execution, run: id } = run.small;
  await carryOutPhase(run, {
    phase: 'execute',
    input: { accepted: refs.accepted, assignment: refs.assignment },
    failure,
    work: async (call) => {
      for (const { item, agent, outcome, summary } of execution.results) {
        const input = { run: id, item, agent };
        if (agent)
          await call({
            type: 'runAgent',
            id: `${item}.1`,
            by: 'agents',
            input,
            body: async () => ({ outcome, summary }),
          });
      }
      return await call({ type: 'collectItems', input: {}, body: async () => refs.executed });
    },
  });
}

async function coordinate(run: Progressing, { waived }: Course): Promise<void> {
  const { accepted, executed, synthesis } = run.small.refs;
  await carryOutPhase(run, {
    phase: 'coordinate',
    input: { accepted, executed },
    rejectedBy: waived ? 'B' : null,
    work: (call) =>
      call({ type: 'synthesise', id: 'synthesise.1', input: { executed }, body: async () => synthesis }),
  });
}

async function verify(run: Progressing): Promise<void> {
  const { accepted, executed, synthesis, judged } = run.small.refs;
  const executeRecord = run.records.get('execute');
  if (!executeRecord) throw new Error('There is no record of execute.');
  await carryOutPhase(run, {
    phase: 'verify',
    input: { accepted, executed, synthesis, executeRecord },
    work: (call) =>
      call({ type: 'judge', id: 'judge.1', input: { executed, synthesis }, body: async () => judged }),
  });
}

async function deliver(run: Progressing): Promise<void> {
  const { small, packages, trust, records } = run;
  const { store, signers, refs, run: id } = small;
  const { accepted, assignment, executed, synthesis, judged } = refs;
  const dependencies = { store, packages, release: signers.release, trust: async () => trust };
  const input: DeliveryInput = {
    ...Object.fromEntries([...records].map(([phase, record]) => [`record-${phase}`, record])),
    ...{ accepted, assignment, executed, synthesis, judged },
  };
  await carryOutPhase(run, {
    phase: 'deliver',
    input,
    work: async (call) => {
      const { merges } = await call({
        type: 'planDelivery',
        input: { judged },
        body: () => planDelivery(dependencies)({ judged }),
      });
      const merge = merges
        ? await call({
            type: 'mergeCandidates',
            id: 'mergeCandidates.1',
            by: 'agents',
            input: { run: id, accepted, assignment, executed, judged },
            body: async () => ({ merged: (await smallDelivery(small)).merged, summary: 'Model D' }),
          })
        : null;
      const staging = { run: id, input, merged: merge?.merged ?? null };
      const { outcome } = await call({
        type: 'stagePackage',
        id: 'stagePackage.1',
        input: staging,
        body: () => stagePackage(dependencies)(staging),
      });
      return outcome;
    },
    commit: async (call, staged, record) => {
      const given = { run: id, staged, record };
      const { attestations } = await call({
        type: 'attest',
        id: 'attest.1',
        input: given,
        body: () => attest(dependencies)(given),
      });
      const delivery = { ...given, attestations };
      await call({
        type: 'deliverPackage',
        id: 'deliverPackage.1',
        input: delivery,
        body: () => deliverPackage(dependencies)(delivery),
      });
    },
  });
}

async function conclude(run: Progressing, failure: Failure | null): Promise<void> {
  const { small, records } = run;
  const phases = phaseNames.map((phase) => accountOf(phase, records, failure));
  const given = { run: small.run, phases, failure, scratchFolders: 0 };
  const input: NamedRefs = Object.fromEntries(records);
  await carryOutPhase(run, {
    phase: 'conclude',
    input,
    work: async (call, history) => {
      history.started(sealOf(small.run));
      await call({
        type: 'cleanUpControl',
        id: 'cleanUpControl.1',
        input: { run: small.run },
        body: async () => ({ scratchFolders: 0 }),
      });
      const { outcome } = await call({
        type: 'accountForRun',
        input: given,
        body: () => accountForRun(small)(given),
      });
      return outcome;
    },
  });
}

function accountOf(
  phase: PhaseName,
  records: ReadonlyMap<PhaseName, ArtifactRef>,
  failure: Failure | null,
): PhaseAccount {
  const record = records.get(phase) ?? null;
  const last = [...records.keys()].at(-1);
  const ended = failure && phase === last ? 'failed' : 'completed';
  return { phase, state: record ? ended : 'not-started', record };
}
