import { type PhaseRecord, phaseRecordSchema, verdictSchema } from '../../contracts/evidence.js';
import type { Conclusion } from '../../contracts/phase.js';
import type { Signer } from '../../crypto/signer.js';
import { payloadType } from '../../protocol/payload-types.js';
import { type PhaseName, phaseNames } from '../../protocol/phases.js';
import type { Forged, Forgery, Material } from './forgery.js';

type Concluding = Material<Conclusion>;
type Account = Conclusion['phases'][number];

const hasRecord = ({ record }: Account): boolean => record !== null;

/**
 * Puts a forged record of a phase in the place of the genuine one: among what was handed on, and in the account.
 *
 * @param trust whether the forger's key is taken for the producer's
 */
async function withRecord(
  { judged, outcome, store, attackers }: Concluding,
  phase: PhaseName,
  record: unknown,
  trust: 'genuine' | 'forged',
): Promise<Forged> {
  const ref = await store.putJson(record);
  const phases = outcome.phases.map((one) => (one.phase === phase ? { ...one, record: ref.digest } : one));
  return {
    input: { ...judged.input, [phase]: ref },
    output: await store.putJson({ ...outcome, phases }),
    ...(trust === 'forged' ? { trust: async () => attackers.trust } : {}),
  };
}

/** The last phase with a record, whose record nothing else names. */
const lastOf = ({ phases }: Conclusion): Account | undefined => phases.findLast(hasRecord);

async function recordOf(
  { judged }: Concluding,
  account: Account | undefined,
): Promise<PhaseRecord | undefined> {
  return account?.record ? await judged.store.getJson(account.record, phaseRecordSchema) : undefined;
}

interface Signing {
  /** Who signs the changed record; by default its signature is left as it was. */
  readonly by?: (material: Concluding) => Signer;
  readonly trust?: 'genuine' | 'forged';
}

/** Changes the record of a phase, and signs it by somebody. */
const changingRecord = (
  name: string,
  change: (record: Omit<PhaseRecord, 'signature'>, material: Concluding) => Promise<object> | object,
  { by, trust = 'genuine' }: Signing = {},
  find: (conclusion: Conclusion) => Account | undefined = lastOf,
): Forgery<Conclusion> => ({
  name,
  by: 'A',
  forge: async (material) => {
    const account = find(material.outcome);
    const record = await recordOf(material, account);
    if (!account || !record) return undefined;
    const { signature, ...body } = record;
    const changed = await change(structuredClone(body), material);
    const signed = by ? by(material).signed(payloadType.record, changed) : { ...changed, signature };
    return await withRecord(material, account.phase, signed, trust);
  },
});

/** As the producer would sign it, had it lied. */
const asProducer: Signing = { by: ({ attackers }) => attackers.producer, trust: 'forged' };

const same = (record: object): object => record;

/** Forgeries of the records that a conclusion names. */
export const namedRecordForgeries: readonly Forgery<Conclusion>[] = [
  {
    name: 'record-that-is-none',
    by: 'A',
    forge: async (material) => {
      const account = lastOf(material.outcome);
      return account && (await withRecord(material, account.phase, { approved: true }, 'genuine'));
    },
  },
  changingRecord(
    'phase-record-of-another-run',
    (record) => ({ ...record, run: `${record.run}x` }),
    asProducer,
  ),
  changingRecord(
    'phase-record-of-another-phase',
    (record) => ({ ...record, phase: phaseNames.find((phase) => phase !== record.phase) }),
    asProducer,
  ),
  changingRecord(
    'phase-record-of-another-round',
    (record) => ({ ...record, round: record.round + 1 }),
    asProducer,
  ),
  changingRecord(
    'phase-record-of-another-output',
    (record, { judged }) => ({ ...record, output: judged.output.digest }),
    asProducer,
  ),
  changingRecord(
    'phase-record-without-a-verdict',
    (record) => ({ ...record, verdicts: record.verdicts.slice(1) }),
    asProducer,
  ),
  changingRecord(
    'phase-record-with-a-verdict-turned',
    (record) => ({
      ...record,
      verdicts: record.verdicts.map((one, index) => (index === 0 ? { ...one, passed: !one.passed } : one)),
    }),
    asProducer,
  ),
  changingRecord(
    'phase-record-with-a-pass-twice',
    (record) => ({
      ...record,
      verdicts: record.verdicts.map((one, index) => (index === 0 ? (record.verdicts[1] ?? one) : one)),
    }),
    asProducer,
  ),
  changingRecord(
    'phase-record-with-the-verdict-of-another-phase',
    async (record, material) => {
      const first = await recordOf(material, material.outcome.phases.find(hasRecord));
      const foreign = first?.verdicts[0];
      return {
        ...record,
        verdicts: record.verdicts.map((one, index) => (index === 0 && foreign ? foreign : one)),
      };
    },
    asProducer,
  ),
  changingRecord(
    'phase-record-with-a-verdict-of-the-producer',
    async (record, { judged, store, attackers }) => {
      const [first] = record.verdicts;
      if (!first) return record;
      const { signature: _, ...verdict } = await judged.store.getJson(first.verdict, verdictSchema);
      const { digest } = await store.putJson(attackers.producer.signed(payloadType.verdict, verdict));
      return { ...record, verdicts: [{ ...first, verdict: digest }, ...record.verdicts.slice(1)] };
    },
    asProducer,
  ),
  changingRecord('phase-record-changed-under-its-signature', (record) => ({
    ...record,
    attempts: { ...record.attempts, count: record.attempts.count + 1 },
  })),
  changingRecord('phase-record-of-a-stranger', same, { by: ({ attackers }) => attackers.stranger }),
  changingRecord('phase-record-of-a-verifier', same, {
    by: ({ attackers }) => attackers.verifier('C'),
    trust: 'forged',
  }),
  changingRecord(
    'chain-cut',
    (record) => ({ ...record, previous: null }),
    asProducer,
    ({ phases }) => phases.filter(hasRecord)[1],
  ),
  changingRecord(
    'chain-led-elsewhere',
    (record) => ({ ...record, previous: `sha256:${'0'.repeat(64)}` }),
    asProducer,
  ),
  changingRecord(
    'chain-with-a-link-replaced',
    (record) => ({ ...record, attempts: { ...record.attempts, count: record.attempts.count + 1 } }),
    asProducer,
    // The one that follows still names the genuine one.
    ({ phases }) => phases.filter(hasRecord).at(-2),
  ),
  changingRecord(
    'chain-with-times-turned',
    ({ timings, ...record }) => ({
      ...record,
      timings: { startedAt: timings.endedAt, endedAt: '2000-01-01T00:00:00.000Z' },
    }),
    asProducer,
  ),
  changingRecord(
    'failure-in-the-record-hidden',
    (record) => ({ ...record, failure: null }),
    asProducer,
    ({ phases }) =>
      phases.find(({ phase, state, record }) => record && state === 'failed' && phase !== 'deliver'),
  ),
  changingRecord(
    'failure-in-the-record-invented',
    (record) => ({ ...record, failure: { code: 'AgentFailed', message: 'It failed.' } }),
    asProducer,
    ({ phases }) => phases.findLast(({ state, record }) => record && state === 'completed'),
  ),
];
