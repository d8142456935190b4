import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { snapshot } from '../../libs/artifacts/snapshot/snapshot.js';
import type { DeliveryInput } from '../../libs/contracts/activities.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import {
  type Attempt,
  type Pass,
  type PhaseRecord,
  passes,
  phaseRecordSchema,
  type Verdict,
} from '../../libs/contracts/evidence.js';
import type { NamedRefs } from '../../libs/contracts/phase.js';
import type { ValidationReport } from '../../libs/contracts/reports/candidate.js';
import type { MergeReport } from '../../libs/contracts/reports/merge.js';
import type { SnapshotRef } from '../../libs/contracts/subject.js';
import type { Signer } from '../../libs/crypto/signer.js';
import { signWaiver } from '../../libs/evidence/waiver.js';
import { workingAgents } from '../../libs/evidence/working-agents.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { type PhaseName, phaseNumber } from '../../libs/protocol/phases.js';
import { bestStanding } from '../../libs/synthesis/standings.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import { inputsOf } from './judged-phase.js';
import * as reports from './small-reports.js';
import type { SmallRun } from './small-run.js';

/** A small run on its way to delivery: signed records of five phases in one chain, and a merge. */
export interface SmallDelivery {
  readonly small: SmallRun;
  readonly input: DeliveryInput;
  readonly merged: ArtifactRef;
  readonly merge: MergeReport;
  /** What the merge ended with. */
  readonly workspace: SnapshotRef;
}

export interface SmallDeliveryOptions {
  /** Files of Model D in which it differs from the captured subject; null: the merge ends with the best candidate. */
  readonly changed?: Readonly<Record<string, string | Uint8Array>> | null;
  /** What validating Model D found. */
  readonly validation?: Partial<ValidationReport>;
}

/** What Model D has that the captured subject has not. */
export const changedFiles = {
  'index.js': 'const a = 1;\n// <script>alert(1)</script>\nmodule.exports = a;\n',
  'docs/read me.md': 'How to use it.\n',
  'logo.bin': new Uint8Array([0, 1, 2, 255]),
};

/** Makes the records and the merge of a run. */
export async function smallDelivery(
  small: SmallRun,
  { changed = changedFiles, validation = {} }: SmallDeliveryOptions = {},
): Promise<SmallDelivery> {
  const { store } = small;
  const records = await recordsBefore(small);
  const { merge, workspace } = await mergeOf(small, changed, validation);
  return {
    small,
    input: inputsOf(small, records).deliver,
    merged: await store.putJson(merge),
    merge,
    workspace,
  };
}

/** Signed records of the five phases before deliver in one chain, by phase. */
export async function recordsBefore(small: SmallRun): Promise<Record<string, ArtifactRef>> {
  const { accepted, assignment, executed, synthesis, judged } = small.refs;
  const outputs = {
    ingest: accepted,
    assign: assignment,
    execute: executed,
    coordinate: synthesis,
    verify: judged,
  };
  const records: Record<string, ArtifactRef> = {};
  let previous: ArtifactRef | null = null;
  for (const phase of before) {
    const input = digestsOf(inputsOf(small, records)[phase]);
    previous = await recordOf(small, { phase, input, output: outputs[phase].digest, previous });
    records[phase] = previous;
  }
  return records;
}

/** The record of deliver on what was staged, as a phase writes it: with what it worked on, and the record before. */
export async function deliveryRecord(
  { small, input }: Pick<SmallDelivery, 'small' | 'input'>,
  staged: ArtifactRef,
  { verdicts, changes }: Pick<RecordOptions, 'verdicts' | 'changes'> = {},
): Promise<ArtifactRef> {
  return await recordOf(small, {
    phase: 'deliver',
    input: digestsOf(input),
    output: staged.digest,
    previous: input['record-verify'] ?? null,
    ...(verdicts && { verdicts }),
    ...(changes && { changes }),
  });
}

/** The record of a phase, as it was handed on to deliver. */
export function recordIn({ input }: SmallDelivery, phase: PhaseName): ArtifactRef {
  const record = input[`record-${phase}`];
  if (!record) throw new Error(`There is no record of ${phase}.`);
  return record;
}

export const digestsOf = (refs: NamedRefs): Record<string, Digest> =>
  Object.fromEntries(Object.entries(refs).map(([name, { digest }]) => [name, digest]));

/** A verdict that rejects what it was asked for. */
export const rejects: Partial<Omit<Verdict, 'signature'>> = {
  passed: false,
  checks: [{ check: 'again', ok: false, says: 'It came out <b>otherwise</b>.' }],
};

/** The same delivery after a person waived what pass B rejected of the phase verify. */
export async function waived(delivery: SmallDelivery, person: Signer): Promise<SmallDelivery> {
  const { small, input } = delivery;
  const { store, run, refs } = small;
  const record = async (waiver: Digest | null): Promise<ArtifactRef> =>
    await recordOf(small, {
      phase: 'verify',
      input: digestsOf(inputsOf(small, { execute: recordIn(delivery, 'execute') }).verify),
      output: refs.judged.digest,
      previous: input['record-coordinate'] ?? null,
      verdicts: { B: rejects },
      changes: { waiver },
    });
  const { verdicts } = await store.getJson((await record(null)).digest, phaseRecordSchema);
  const waiver = signWaiver(
    person,
    run,
    {
      phase: 'verify',
      round: 1,
      output: refs.judged.digest,
      verdicts: verdicts.filter(({ passed }) => !passed).map(({ verdict }) => verdict),
      says: '',
      until: '',
    },
    { reason: 'It was looked at by hand.', at: '2026-01-01T12:06:00.000Z' },
  );
  const waiving = await record((await store.putJson(waiver)).digest);
  return { ...delivery, input: { ...input, 'record-verify': waiving } };
}

const before = ['ingest', 'assign', 'execute', 'coordinate', 'verify'] as const;

interface RecordOptions {
  readonly phase: PhaseName;
  readonly input: Readonly<Record<string, Digest>>;
  readonly output: Digest;
  readonly previous: ArtifactRef | null;
  readonly verdicts?: Partial<Record<Pass, Partial<Omit<Verdict, 'signature'>>>>;
  readonly changes?: Partial<Omit<PhaseRecord, 'signature'>>;
}

/** A signed record with three signed verdicts, stored. Those of execute are the ones that the run was judged with. */
export async function recordOf(
  small: SmallRun,
  { phase, input, output, previous, verdicts = {}, changes = {} }: RecordOptions,
): Promise<ArtifactRef> {
  const { store, run, signers } = small;
  const at = (second: number): string =>
    new Date(Date.UTC(2026, 0, 1, 12, phaseNumber(phase), second)).toISOString();
  const given: PhaseRecord['verdicts'] = [];
  const judged = await store.getJson(small.refs.executeRecord.digest, phaseRecordSchema);
  for (const pass of passes) {
    const identity = verifierOf(pass);
    const body: Omit<Verdict, 'signature'> = {
      version: 1,
      run,
      phase,
      round: 1,
      pass,
      verifier: { id: identity, version: '1.0.0', program: small.refs.request.digest },
      input: { ...input },
      output,
      passed: true,
      checks: [{ check: 'schema', ok: true, says: 'It keeps to its <i>contract</i>.' }],
      faults: pass === 'C' ? [...faults] : [],
      disagrees: false,
      ...verdicts[pass],
    };
    const signed = signers[identity].signed(payloadType.verdict, body);
    given.push({ pass, passed: body.passed, verdict: (await store.putJson(signed)).digest });
  }
  const record: Omit<PhaseRecord, 'signature'> = {
    version: 1,
    run,
    tenant: 'local',
    phase,
    round: 1,
    input: { ...input },
    output,
    failure: null,
    agents: await workingAgents(store, phase, output),
    attempts: { log: await attemptLog(small, phase, at), count: 2, unknown: 1 },
    timings: { startedAt: at(0), endedAt: at(30) },
    verdicts: phase === 'execute' ? judged.verdicts : given,
    faults: phase === 'execute' ? [] : [...faults],
    waiver: null,
    notRun: [],
    previous: previous?.digest ?? null,
    ...changes,
  };
  return await store.putJson(signers.producer.signed(payloadType.record, record));
}

const faults = [{ kind: 'forged verdict', pass: 'A' as const, seeded: 4, caught: 4 }];

async function attemptLog(
  { store, run, signers }: SmallRun,
  phase: PhaseName,
  at: (second: number) => string,
): Promise<ArtifactRef> {
  const key = `run-${run}/${phaseNumber(phase)}-${phase}:improve-a.1`;
  const attempt: Attempt = {
    key,
    activity: 'runAgent',
    attempt: 2,
    startedAt: at(1),
    endedAt: at(20),
    outcome: 'completed',
    code: null,
    worker: 'agents-1',
    sandbox: {
      kind: 'process',
      isolation: 'bubblewrap',
      user: 'nobody',
      memory: 'cgroup, 256 MiB',
      processes: 'cgroup, 32',
      disk: 'tmpfs, 64 MiB',
      network: 'none',
    },
    lastStep: null,
  };
  const unknown: Attempt = {
    ...attempt,
    attempt: 1,
    startedAt: null,
    endedAt: null,
    outcome: 'unknown',
    sandbox: null,
  };
  const step = signers.agents.signed(payloadType.step, {
    version: 1,
    key,
    attempt: 2,
    number: 1,
    previous: null,
    at: at(2),
    milestone: 'started',
    percent: 0,
    checkpoint: null,
    effects: [],
  });
  return await store.putJson({ version: 1, attempts: [unknown, attempt], steps: [step] });
}

async function mergeOf(
  small: SmallRun,
  changed: SmallDeliveryOptions['changed'],
  found: Partial<ValidationReport>,
): Promise<{ merge: MergeReport; workspace: SnapshotRef }> {
  const { store, execution, judgement } = small;
  const best = bestStanding(judgement);
  const workspaceOf = (item: string): SnapshotRef | null | undefined =>
    execution.results.find((result) => result.item === item)?.workspace;
  const parent = best && workspaceOf(best.item);
  if (!best?.measurements || !parent) throw new Error('The small run has a best candidate.');
  const validation = await store.putJson({ ...reports.validation([]), ...found });
  const own = execution.results.find(
    ({ item }) => item === best.item.replace('improve', 'validate'),
  )?.outcome;
  const workspace = changed ? await captured(small, { ...reports.subjectFiles, ...changed }) : parent;
  const merge: MergeReport = {
    kind: 'merge',
    seed: small.refs.judged.digest,
    parents: judgement.standings.map(({ candidate, item, eligible, fitness, workspace: digest }) => ({
      candidate,
      item,
      workspace: digest,
      eligible,
      fitness,
    })),
    parts: [],
    evaluations: [],
    budget: { evaluations: 16 },
    stopped: 'no-better-neighbour',
    result: {
      candidate: changed ? 'D' : best.candidate,
      workspace,
      fitness: best.fitness ?? 0,
      measurements: best.measurements,
      validation: changed ? validation : (own ?? validation),
      improved: changed !== null,
      says: changed ? 'Model D is <b>better</b> than each parent.' : 'Nothing better was found.',
      lineage: changed ? [{ part: 'p1', path: 'index.js', from: ['A'] }] : [],
    },
  };
  return { merge, workspace };
}

async function captured(
  { store, folder }: SmallRun,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<SnapshotRef> {
  const source = await mkdtemp(join(folder, 'merged-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  return await snapshot(store, source);
}
