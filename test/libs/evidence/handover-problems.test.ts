import { describe, expect, test } from 'vitest';
import { digestOfJson } from '../../../libs/artifacts/digest-of-json.js';
import type { PhaseRecord } from '../../../libs/contracts/evidence.js';
import { handoverProblems } from '../../../libs/evidence/handover-problems.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { type PhaseName, phaseNames } from '../../../libs/protocol/phases.js';
import { digestOf, recordOf } from '../../support/run-evidence.js';

type Changes = Partial<Record<PhaseName, Partial<PhaseRecord>>>;

/** What each phase is given, as the protocol has it. */
function givenTo(phase: PhaseName, records: readonly PhaseRecord[]): Record<string, Digest> {
  const record = (of: PhaseName): Digest => digestOfJson(records.find((one) => one.phase === of));
  const [request, accepted, assignment, executed, synthesis, judged] = [
    'request',
    'ingest',
    'assign',
    'execute',
    'coordinate',
    'verify',
  ].map(digestOf) as [Digest, Digest, Digest, Digest, Digest, Digest];
  const inputs: Record<PhaseName, () => Record<string, Digest>> = {
    ingest: () => ({ request }),
    assign: () => ({ accepted }),
    execute: () => ({ accepted, assignment }),
    coordinate: () => ({ accepted, executed }),
    verify: () => ({ accepted, executed, synthesis, executeRecord: record('execute') }),
    deliver: () => ({
      ...{ accepted, assignment, executed, synthesis, judged },
      'record-ingest': record('ingest'),
      'record-assign': record('assign'),
      'record-execute': record('execute'),
      'record-coordinate': record('coordinate'),
      'record-verify': record('verify'),
    }),
    conclude: () => Object.fromEntries(records.map((one) => [one.phase, digestOfJson(one)])),
  };
  return inputs[phase]();
}

/** Records that were made one after the other, each of those before it as they are. */
function recordsOf(phases: readonly PhaseName[] = phaseNames, changes: Changes = {}): PhaseRecord[] {
  const records: PhaseRecord[] = [];
  for (const phase of phases)
    records.push(
      recordOf(phase, { input: givenTo(phase, records), output: digestOf(phase), ...changes[phase] }),
    );
  return records;
}

const inputOf = (phase: PhaseName): Record<string, Digest> => {
  const record = recordsOf().find((one) => one.phase === phase);
  if (!record) throw new Error(`There is no record of ${phase}.`);
  return record.input;
};

const withInput = (phase: PhaseName, input: Record<string, Digest>): PhaseRecord[] =>
  recordsOf(phaseNames, { [phase]: { input } });

const without = (input: Record<string, Digest>, name: string): Record<string, Digest> =>
  Object.fromEntries(Object.entries(input).filter(([other]) => other !== name));

/** Every input of every phase, and who hands it on; the request comes from outside. */
const inputs = phaseNames.flatMap((phase) =>
  Object.keys(inputOf(phase)).map((name) => [phase, name] as const),
);

const failure = { code: 'AgentFailed', message: 'An agent failed.' };

describe('phases of a run that completed', () => {
  test('worked on what was handed on to them, in whatever order their records are looked at', () => {
    expect(handoverProblems(recordsOf())).toEqual([]);
    expect(handoverProblems(recordsOf().reverse())).toEqual([]);
    expect(handoverProblems([])).toEqual([]);
  });

  test.each(inputs.filter(([phase]) => phase !== 'ingest'))(
    '%s did not where its %s is another',
    (phase, name) => {
      const problems = handoverProblems(withInput(phase, { ...inputOf(phase), [name]: digestOf('another') }));
      expect(problems).toEqual([
        expect.stringMatching(new RegExp(`^${phase} worked on another ${name} than \\w+ handed on\\.$`)),
      ]);
    },
  );

  test.each(inputs)('%s did not where it has no %s', (phase, name) => {
    expect(handoverProblems(withInput(phase, without(inputOf(phase), name)))).toEqual([
      `${phase} did not work on ${name}.`,
    ]);
  });

  test.each(phaseNames)('%s did not where it has an input that nobody hands on', (phase) => {
    for (const name of ['secret', 'constructor', `record-${phase}`])
      expect(handoverProblems(withInput(phase, { ...inputOf(phase), [name]: digestOf('accepted') }))).toEqual(
        [`${phase} worked on ${name}, which nobody hands on.`],
      );
  });

  test('say who handed on what, where an output takes the place of another', () => {
    const { accepted } = inputOf('assign');
    if (!accepted) throw new Error('Nothing was accepted.');
    expect(handoverProblems(withInput('coordinate', { accepted, executed: accepted }))).toEqual([
      'coordinate worked on another executed than execute handed on.',
    ]);
    const { executed } = inputOf('verify');
    if (!executed) throw new Error('Nothing was executed.');
    expect(handoverProblems(withInput('verify', { ...inputOf('verify'), executeRecord: executed }))).toEqual([
      'verify worked on another executeRecord than execute handed on.',
    ]);
  });

  test('did not where the record of one was replaced afterwards', () => {
    const records = recordsOf();
    records[2] = recordOf('execute', { ...records[2], tenant: 'another' });
    expect(handoverProblems(records)).toEqual([
      'verify worked on another executeRecord than execute handed on.',
      'deliver worked on another record-execute than execute handed on.',
      'conclude worked on another execute than execute handed on.',
    ]);
  });

  test('did not where the record of one is gone', () => {
    const records = recordsOf().filter(({ phase }) => phase !== 'coordinate');
    expect(handoverProblems(records)).toEqual([
      'verify worked on another synthesis than coordinate handed on.',
      'deliver worked on another synthesis than coordinate handed on.',
      'deliver worked on another record-coordinate than coordinate handed on.',
      'conclude worked on another coordinate than coordinate handed on.',
    ]);
  });
});

describe('phases of a run that failed', () => {
  const cutOff = new Set<PhaseName>(['execute']);

  test('are concluded with the records that there are', () => {
    const records = recordsOf(['ingest', 'assign', 'execute', 'conclude'], { execute: { failure } });
    expect(handoverProblems(records, { cutOff })).toEqual([]);
  });

  test('are not concluded without the record of one that completed', () => {
    const before = recordsOf(['ingest', 'assign', 'execute'], { execute: { failure } });
    const input = without(givenTo('conclude', before), 'assign');
    expect(handoverProblems([...before, recordOf('conclude', { input })], { cutOff })).toEqual([
      'conclude did not work on assign.',
    ]);
  });

  test('are not concluded with a record that nobody knows', () => {
    const records = recordsOf(['ingest', 'conclude']);
    const input = { ...records[1]?.input, assign: digestOf('assign') };
    expect(handoverProblems(recordsOf(['ingest', 'conclude'], { conclude: { input } }))).toEqual([
      'conclude worked on another assign than assign handed on.',
    ]);
  });

  test('hand on nothing that they staged: by their records, and by their histories', () => {
    const says = ['execute worked on another assignment than assign handed on.'];
    const told = recordsOf(['ingest', 'assign', 'execute'], { assign: { failure } });
    expect(handoverProblems(told)).toEqual(says);
    const untold = recordsOf(['ingest', 'assign', 'execute']);
    expect(handoverProblems(untold, { cutOff: new Set(['assign']) })).toEqual(says);
  });

  test('are concluded with the record of a delivery that failed behind it', () => {
    expect(handoverProblems(recordsOf(), { cutOff: new Set(['deliver']) })).toEqual([]);
  });
});

describe('a phase of a run that was cancelled', () => {
  const cancelled = { failure: { code: 'Cancelled', message: 'The run was cancelled.' }, output: null };
  const before = recordsOf(['ingest', 'assign'], { assign: cancelled });
  const unknowing = [...before, recordOf('conclude', { input: givenTo('conclude', before.slice(0, 1)) })];

  test('may have written a record that conclude does not know', () => {
    expect(handoverProblems(unknowing, { cutOff: new Set(['assign']) })).toEqual([]);
  });

  test('is known to conclude where it completed', () => {
    const says = ['conclude did not work on assign.'];
    expect(handoverProblems(unknowing)).toEqual(says);
    expect(handoverProblems(unknowing, { cutOff: new Set(['deliver']) })).toEqual(says);
  });

  test('does not let conclude have another record of it', () => {
    const input = { ...givenTo('conclude', before), assign: digestOf('another') };
    expect(
      handoverProblems([...before, recordOf('conclude', { input })], { cutOff: new Set(['assign']) }),
    ).toEqual(['conclude worked on another assign than assign handed on.']);
  });

  test('lets nobody else do without a record', () => {
    const cutOff = new Set<PhaseName>(['execute']);
    const input = without(inputOf('verify'), 'executeRecord');
    expect(handoverProblems(withInput('verify', input), { cutOff })).toContain(
      'verify did not work on executeRecord.',
    );
  });
});
