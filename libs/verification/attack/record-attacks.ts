import { digestOfJson } from '../../artifacts/digest-of-json.js';
import type { PhaseRecord } from '../../contracts/evidence.js';
import type { Signer } from '../../crypto/signer.js';
import { recordProblems } from '../../evidence/record-problems.js';
import type { Digest } from '../../protocol/digest.js';
import { payloadType } from '../../protocol/payload-types.js';
import { phaseNames } from '../../protocol/phases.js';
import type { Judged } from '../judged.js';
import type { Attackers } from './attackers.js';
import type { Signed } from './measure-signatures.js';
import type { Tried } from './tried.js';
import { genuineVerdict } from './verdict-attacks.js';

type Unsigned = Omit<PhaseRecord, 'signature'>;

/**
 * Tries to pass off records that are not the producer's, or do not follow the one before, as the record of this phase.
 * The producer's key is not at hand: one is made for it, and for whoever else signs.
 */
export function recordAttacks(
  judged: Judged,
  attackers: Attackers,
): { readonly control: string | null; readonly tried: Tried[]; readonly signed: Signed } {
  const { producer, trust } = attackers;
  const signed = (record: Unsigned, by: Signer = producer): PhaseRecord =>
    by.signed(payloadType.record, record);
  const previous = signed({ ...recordOn(judged, null), phase: before(judged) });
  const record = recordOn(judged, digestOfJson(previous));
  const own = signed(record);
  const forged: Readonly<Record<string, PhaseRecord>> = {
    'record-changed-under-its-signature': { ...own, output: zero },
    'record-with-a-verdict-left-out': { ...own, verdicts: own.verdicts.slice(1) },
    'record-with-a-verdict-replaced': {
      ...own,
      verdicts: own.verdicts.map((one) => ({ ...one, verdict: zero })),
    },
    'record-with-its-failure-hidden': {
      ...signed({ ...record, failure: { code: 'AgentFailed', message: 'It failed.' } }),
      failure: null,
    },
    'record-with-the-signature-of-a-verdict': producer.signed(payloadType.verdict, record),
    'record-with-the-signature-of-another': { ...own, signature: previous.signature },
    'record-signed-by-a-verifier': signed(record, attackers.verifier('C')),
    'record-signed-by-an-unknown-key': signed(record, attackers.stranger),
    'record-signed-by-a-revoked-key': signed(record, attackers.revokedProducer),
    'record-that-follows-nothing': signed({ ...record, previous: null }),
    'record-that-follows-another': signed({ ...record, previous: zero }),
    'record-after-one-of-another-run': signed({ ...record, run: `${record.run}x` }),
    'record-without-a-pass': signed({ ...record, verdicts: record.verdicts.slice(1) }),
    'record-with-a-pass-twice': signed({
      ...record,
      verdicts: [...record.verdicts, ...record.verdicts.slice(0, 1)],
    }),
    'record-passed-against-a-verdict': signed({
      ...record,
      verdicts: record.verdicts.map((one, index) => ({ ...one, passed: index > 0 })),
    }),
    'record-of-a-pass-that-did-not-run': signed({
      ...record,
      verdicts: record.verdicts.slice(1),
      notRun: record.verdicts.slice(0, 1).map(({ pass }) => ({ pass, reason: 'It was too slow.' })),
    }),
    'record-that-ends-before-it-begins': signed({
      ...record,
      timings: { startedAt: record.timings.endedAt, endedAt: record.timings.startedAt },
    }),
  };
  const problemsOf = (one: PhaseRecord): string[] => recordProblems(one, { trust, previous });
  return {
    control: problemsOf(own)[0] ?? null,
    signed: { name: 'record', document: own, problemsOf },
    tried: Object.entries(forged).map(([name, one]) => ({ name, rejection: problemsOf(one)[0] ?? null })),
  };
}

/** The phase before, for whose record the judged one is the next. */
const before = ({ phase }: Judged): PhaseRecord['phase'] =>
  phaseNames[phaseNames.indexOf(phase) - 1] ?? phase;

/** A record as the producer would write it, had all three passes accepted the output. */
function recordOn(judged: Judged, previous: Digest | null): Unsigned {
  const { run, phase, round, output } = judged;
  const { input } = genuineVerdict(judged);
  const follows = previous !== null;
  return {
    version: 1,
    run,
    tenant: 'local',
    phase,
    round,
    input,
    output: output.digest,
    failure: null,
    agents: [],
    attempts: { log: output, count: 1, unknown: 0 },
    timings: {
      startedAt: `2000-01-01T00:00:0${follows ? 2 : 0}.000Z`,
      endedAt: `2000-01-01T00:00:0${follows ? 3 : 1}.000Z`,
    },
    verdicts: [
      { pass: 'A', passed: true, verdict: output.digest },
      { pass: 'B', passed: true, verdict: output.digest },
      { pass: 'C', passed: true, verdict: output.digest },
    ],
    faults: [],
    waiver: null,
    notRun: [],
    previous,
  };
}

const zero: Digest = `sha256:${'0'.repeat(64)}`;
