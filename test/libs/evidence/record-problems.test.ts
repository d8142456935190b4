import { describe, expect, test } from 'vitest';
import { digestOfJson } from '../../../libs/artifacts/digest-of-json.js';
import type { PhaseRecord } from '../../../libs/contracts/evidence.js';
import { chainProblems, headOf, recordProblems } from '../../../libs/evidence/record-problems.js';
import { payloadType } from '../../../libs/protocol/payload-types.js';
import { type PhaseName, phaseNames } from '../../../libs/protocol/phases.js';
import { digestOf } from '../../support/run-evidence.js';
import { serviceSigners } from '../../support/service-signers.js';

const signers = serviceSigners();
const trust = signers.pinned;

const signed = (record: Omit<PhaseRecord, 'signature'>, by = signers.producer): PhaseRecord =>
  by.signed(payloadType.record, record);

/** The record of a phase that went well, a minute after the one before. */
function recordOf(
  phase: PhaseName,
  previous: PhaseRecord | null = null,
  change: Partial<PhaseRecord> = {},
): PhaseRecord {
  const minute = String(phaseNames.indexOf(phase)).padStart(2, '0');
  const { signature: _, ...record }: PhaseRecord = {
    version: 1,
    run: 'r1',
    tenant: 'local',
    phase,
    round: 1,
    input: {},
    output: digestOf(phase),
    failure: null,
    agents: [],
    attempts: {
      log: { digest: digestOf('log'), size: 2, mediaType: 'application/json' },
      count: 2,
      unknown: 1,
    },
    timings: {
      startedAt: `2026-01-01T00:${minute}:00.000Z`,
      endedAt: `2026-01-01T00:${minute}:59.000Z`,
    },
    verdicts: (['A', 'B', 'C'] as const).map((pass) => ({
      pass,
      passed: true,
      verdict: digestOf(`${phase} ${pass}`),
    })),
    faults: [{ kind: 'another digest', pass: 'A', seeded: 3, caught: 2 }],
    waiver: null,
    notRun: [],
    previous: previous && digestOfJson(previous),
    signature: { keyid: digestOf(''), sig: '' },
    ...change,
  };
  return signed(record);
}

/** The records of a run that went well. */
function wholeChain(): PhaseRecord[] {
  const records: PhaseRecord[] = [];
  for (const phase of phaseNames) records.push(recordOf(phase, records.at(-1) ?? null));
  return records;
}

const cancelled = {
  failure: { code: 'Cancelled', message: 'The run was cancelled.' },
  verdicts: [],
  notRun: (['A', 'B', 'C'] as const).map((pass) => ({ pass, reason: 'The phase ended before.' })),
};

describe('a chain of records', () => {
  test('that each follow the one before has no problems, and the last is its head', () => {
    const records = wholeChain();
    expect(chainProblems(records, { trust })).toEqual([]);
    expect(headOf(records)).toBe(digestOfJson(records.at(-1)));
    expect(headOf([])).toBeNull();
  });

  test('from which one was dropped is broken', () => {
    for (const dropped of [0, 3, 5]) {
      const records = wholeChain().filter((_, index) => index !== dropped);
      expect(chainProblems(records, { trust }).join()).toMatch(/names .* as the record before/);
    }
  });

  test('with a record of another run in it is broken', () => {
    const records = wholeChain();
    records[3] = recordOf('coordinate', records[2], { run: 'r2' });
    expect(chainProblems(records, { trust }).join()).toContain('The record before is of the run r2');
  });

  test('in another order is broken', () => {
    const [ingest, assign, ...rest] = wholeChain();
    if (!ingest || !assign) throw new Error('There are too few.');
    expect(chainProblems([assign, ingest, ...rest], { trust }).join()).toContain('out of order');
  });

  test('of rounds goes on with the next round of a phase', () => {
    const first = recordOf('ingest', null, {
      failure: { code: 'VerificationFailed', message: 'Rejected.' },
    });
    const second = recordOf('ingest', first, {
      round: 2,
      timings: { startedAt: '2026-01-01T00:00:59.000Z', endedAt: '2026-01-01T00:01:00.000Z' },
    });
    expect(chainProblems([first, second], { trust })).toEqual([]);
    expect(chainProblems([second, first], { trust })).not.toEqual([]);
  });

  test('may leave out whoever follows a phase that was cut off, and nobody else', () => {
    const ingest = recordOf('ingest');
    const assign = recordOf('assign', ingest, cancelled);
    const conclude = recordOf('conclude', ingest);
    const records = [ingest, assign, conclude];
    expect(chainProblems(records, { trust, cutOff: new Set(['assign']) })).toEqual([]);
    expect(chainProblems(records, { trust }).join()).toContain('The record of conclude, round 1: It names');
    expect(chainProblems(records, { trust, cutOff: new Set(['ingest']) })).not.toEqual([]);
    const followed = [ingest, assign, recordOf('conclude', assign)];
    expect(chainProblems(followed, { trust, cutOff: new Set(['assign']) })).toEqual([]);
  });
});

describe('a record', () => {
  test('counts only with the signature of the producer', () => {
    const { signature: _, ...body } = recordOf('ingest');
    for (const other of [signers.release, signers.verifiers.A, serviceSigners().producer])
      expect(recordProblems(signed(body, other), { trust, previous: null })).toHaveLength(1);
    const changed = { ...recordOf('ingest'), output: digestOf('another') };
    expect(recordProblems(changed, { trust, previous: null })).toEqual([
      'The signature of producer is not one of these bytes.',
    ]);
  });

  test.each<[string, Partial<PhaseRecord>, RegExp]>([
    [
      'ends before it began',
      { timings: { startedAt: '2026-01-02T00:00:00.000Z', endedAt: '2026-01-01T00:00:00.000Z' } },
      /ended at/,
    ],
    ['has times that are none', { timings: { startedAt: 'then', endedAt: 'now' } }, /ended at now/],
    [
      'has two verdicts of a pass',
      { verdicts: [...recordOf('ingest').verdicts].fill(verdictOfA()) },
      /A, A, A/,
    ],
    ['is of no failure and has no output', { output: null }, /no output/],
    [
      'is of no failure although a pass failed',
      { verdicts: recordOf('ingest').verdicts.map((one) => ({ ...one, passed: one.pass !== 'B' })) },
      /no waiver is named/,
    ],
    ['is of no failure although a pass did not run', { ...cancelled, failure: null }, /not every pass ran/],
    [
      'counts more unknown attempts than attempts',
      { attempts: { ...recordOf('ingest').attempts, unknown: 3 } },
      /3 attempts that are unknown, of 2/,
    ],
    [
      'has more faults caught than seeded',
      { faults: [{ kind: 'k', pass: 'A', seeded: 1, caught: 2 }] },
      /more faults caught/,
    ],
  ])('that %s contradicts itself', (_, change, says) => {
    const record = recordOf('ingest', null, change);
    expect(recordProblems(record, { trust, previous: null }).join()).toMatch(says);
  });

  test('that failed needs no output and no verdicts', () => {
    const record = recordOf('ingest', null, { ...cancelled, output: null });
    expect(recordProblems(record, { trust, previous: null })).toEqual([]);
  });

  test('cannot begin before the one before it ended', () => {
    const first = recordOf('assign');
    const second = recordOf('execute', first, {
      timings: { startedAt: '2026-01-01T00:01:57.999Z', endedAt: '2026-01-01T00:03:00.000Z' },
    });
    expect(recordProblems(second, { trust, previous: first }).join()).toContain(
      'before the one before ended',
    );
  });
});

function verdictOfA(): PhaseRecord['verdicts'][number] {
  return { pass: 'A', passed: true, verdict: digestOf('A') };
}
