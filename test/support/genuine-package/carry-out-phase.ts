import type { ArtifactRef } from '../../../libs/contracts/artifact.js';
import { type Pass, passes, type Verdict, type VerdictRef } from '../../../libs/contracts/evidence.js';
import type { NamedRefs } from '../../../libs/contracts/phase.js';
import { signWaiver } from '../../../libs/evidence/waiver.js';
import type { ErrorCode } from '../../../libs/protocol/errors.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import type { PhaseName } from '../../../libs/protocol/phases.js';
import { verifierOf } from '../../../libs/verification/verdict-problems.js';
import { rejects } from '../small-delivery.js';
import { type Called, callFrom } from './call-from.js';
import type { Progressing } from './genuine-run.js';
import { historyOfPhase, type RecordedHistory } from './recorded-history.js';

type Calling = <T>(called: Called<T>) => Promise<T>;

export interface PhaseWork {
  readonly phase: PhaseName;
  readonly input: NamedRefs;
  /** @returns what it stages */
  readonly work: (call: Calling, history: RecordedHistory) => Promise<ArtifactRef>;
  /** What comes after the record. */
  readonly commit?: (call: Calling, staged: ArtifactRef, record: ArtifactRef) => Promise<void>;
  /** How its work ends where it fails: then nothing is staged. */
  readonly failure?: { readonly code: ErrorCode; readonly message: string } | null;
  /** The pass that rejects it, which a person then waives. */
  readonly rejectedBy?: Pass | null;
}

/** Carries a phase out in the order of `workflows/phases/phase.ts`: work, verdicts, waiver, record, commit. */
export async function carryOutPhase(
  run: Progressing,
  { phase, input, work, commit, failure = null, rejectedBy = null }: PhaseWork,
): Promise<void> {
  const { small, request, evidence, envelope } = run;
  const previous = [...run.records.values()].at(-1) ?? null;
  envelope.set({ HeptadPhase: phase });
  const { waiverWindowMs } = request;
  const history = historyOfPhase(small.run, phase, { run: request, input, waiverWindowMs, previous });
  run.histories.push(history);
  const started = envelope.started(history);
  const startedAt = new Date().toISOString();
  const call: Calling = (called) => callFrom(history, small, called);

  const outcome = await work(call, history);
  const staged = failure ? null : outcome;
  const verdicts: VerdictRef[] = [];
  for (const pass of staged ? passes : [])
    verdicts.push(await judged(run, call, { phase, input, output: outcome, pass, rejectedBy }));
  const record = await call({
    type: 'writeRecord',
    input: {},
    body: async () =>
      await evidence.writeRecord({
        run: small.run,
        tenant: request.tenant,
        phase,
        round: 1,
        input,
        output: staged,
        failure,
        verdicts,
        notRun: staged
          ? []
          : passes.map((pass) => ({ pass, reason: 'The phase ended before it could run.' })),
        waiver: rejectedBy && (await waived(run, phase, outcome, verdicts)),
        startedAt,
        endedAt: new Date().toISOString(),
        previous,
      }),
  });
  run.records.set(phase, record);
  if (failure) {
    const ended = { ...failure, details: record };
    history.failed(ended);
    envelope.endedBadly(history, started, ended);
    return;
  }
  await commit?.(call, outcome, record);
  const result = { phase, outcome, record, summary: `${phase} is done`, facts: null };
  history.completed(result);
  envelope.ended(history, started, result);
}

interface ToJudge {
  readonly phase: PhaseName;
  readonly input: NamedRefs;
  readonly output: ArtifactRef;
  readonly pass: Pass;
  readonly rejectedBy: Pass | null;
}

/** A verdict as the verifier of the pass signs it. Those of execute are the ones that the small run was judged with. */
async function judged(
  { small, verdictsOfExecute }: Progressing,
  call: Calling,
  { phase, input, output, pass, rejectedBy }: ToJudge,
): Promise<VerdictRef> {
  const { store, run, signers, refs } = small;
  const by = verifierOf(pass);
  const body: Omit<Verdict, 'signature'> = {
    version: 1,
    run,
    phase,
    round: 1,
    pass,
    verifier: { id: by, version: '2', program: refs.request.digest },
    input: Object.fromEntries(Object.entries(input).map(([name, { digest }]) => [name, digest])),
    output: output.digest,
    passed: true,
    checks: [
      { check: 'contract', ok: true, says: `What ${phase} staged keeps to its contract.` },
      { check: 'inputs', ok: true, says: 'It follows from its inputs — from “all” of them.' },
    ],
    faults: pass === 'C' ? [{ kind: 'another digest', pass: 'A', seeded: 2, caught: 2 }] : [],
    disagrees: false,
    ...(rejectedBy === pass ? rejects : {}),
  };
  return await call({
    type: 'judgePhase',
    id: `pass-${pass}.1`,
    by,
    input: { run, phase, round: 1, pass, input, output },
    body: async () => ({
      pass,
      passed: body.passed,
      verdict:
        (phase === 'execute' ? verdictsOfExecute.get(pass) : undefined) ??
        (await store.putJson(signers[by].signed(payloadType.verdict, body))),
      checks: body.checks.length,
      disagrees: false,
      failures: body.checks.flatMap(({ check, ok, says }) => (ok ? [] : [`${check}: ${says}`])),
    }),
  });
}

/** A person's waiver of the verdicts that did not pass, as the service accepts it. */
async function waived(
  { small, person, evidence }: Progressing,
  phase: PhaseName,
  output: ArtifactRef,
  verdicts: readonly VerdictRef[],
): Promise<ArtifactRef> {
  const { run, store } = small;
  const failed = verdicts.filter(({ passed }) => !passed).map(({ verdict }) => verdict.digest);
  const awaited = { phase, round: 1, output: output.digest, verdicts: failed.sort(), says: '', until: '' };
  const said = { reason: 'It was looked at by hand, and is good.', at: new Date().toISOString() };
  const waiver = await store.putJson(signWaiver(person, run, awaited, said));
  const { problems } = await evidence.checkWaiver({ run, phase, round: 1, output, verdicts, waiver });
  if (problems.length > 0) throw new Error(`The waiver does not count: ${problems.join(' ')}`);
  return waiver;
}
