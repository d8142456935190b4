import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import type { Pass, PhaseRecord, Verdict } from '../../libs/contracts/evidence.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { Digest } from '../../libs/protocol/digest.js';
import type { ServiceIdentity } from '../../libs/protocol/identities.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { freshSigner } from './signers.js';

export type Checks = Verdict['checks'];

/** The checks of a pass on these items, all ok but those that are named. */
export const checksOn = (
  prefix: 'result' | 'again',
  items: readonly string[],
  failed: readonly string[] = [],
): Checks =>
  items.map((item) => ({ check: `${prefix}:${item}`, ok: !failed.includes(item), says: 'Looked at.' }));

export interface ExecuteRecordOptions {
  readonly run: string;
  readonly executed: { readonly digest: Digest };
  readonly input?: Readonly<Record<string, Digest>>;
  /** The checks of each pass that ran. */
  readonly checks: Partial<Record<Pass, Checks>>;
  readonly signers?: Partial<Record<ServiceIdentity, Signer>>;
  readonly changes?: Partial<Omit<Verdict, 'signature'>>;
}

/** The record of an execute phase with its verdicts, stored and signed. */
export async function executeRecord(
  store: ArtifactStore,
  { run, executed, input = {}, checks, signers = {}, changes = {} }: ExecuteRecordOptions,
): Promise<ArtifactRef> {
  const signer = (identity: ServiceIdentity): Signer => signers[identity] ?? freshSigner(identity);
  const verdicts: PhaseRecord['verdicts'] = [];
  for (const [pass, identity] of verifiers) {
    const made = checks[pass];
    if (made === undefined) continue;
    const verdict: Omit<Verdict, 'signature'> = {
      version: 1,
      run,
      phase: 'execute',
      round: 1,
      pass,
      verifier: { id: identity, version: '1.0.0', program: executed.digest },
      input,
      output: executed.digest,
      passed: made.every(({ ok }) => ok),
      checks: made,
      faults: [],
      disagrees: false,
      ...changes,
    };
    const { digest } = await store.putJson(signer(identity).signed(payloadType.verdict, verdict));
    verdicts.push({ pass, passed: verdict.passed, verdict: digest });
  }
  const record: Omit<PhaseRecord, 'signature'> = {
    version: 1,
    run,
    tenant: 'local',
    phase: 'execute',
    round: 1,
    input,
    output: executed.digest,
    failure: null,
    agents: [],
    attempts: {
      log: await store.putJson({ version: 1, attempts: [], steps: [] }),
      count: 0,
      unknown: 0,
    },
    timings: { startedAt: '2026-01-01T12:00:00.000Z', endedAt: '2026-01-01T12:00:06.000Z' },
    verdicts,
    faults: [],
    waiver: null,
    notRun: [],
    previous: null,
  };
  return await store.putJson(signer('producer').signed(payloadType.record, record));
}

const verifiers = [
  ['A', 'verifier.a'],
  ['B', 'verifier.b'],
  ['C', 'verifier.c'],
] as const;
