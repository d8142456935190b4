import { digestOfJson } from '../artifacts/digest-of-json.js';
import type { PhaseRecord } from '../contracts/evidence.js';
import type { Digest } from '../protocol/digest.js';
import { type PhaseName, phaseNames } from '../protocol/phases.js';

/** What an input of a phase is: what another phase handed on, or its record. */
interface Source {
  readonly phase: PhaseName;
  readonly what: 'output' | 'record';
}

const output = (phase: PhaseName): Source => ({ phase, what: 'output' });
const record = (phase: PhaseName): Source => ({ phase, what: 'record' });

const accepted = output('ingest');
const assignment = output('assign');
const executed = output('execute');
const synthesis = output('coordinate');

const before = (phase: PhaseName): readonly PhaseName[] => phaseNames.slice(0, phaseNames.indexOf(phase));

/** By phase and name of the input. The request of ingest comes from outside. */
const sources: Readonly<Record<PhaseName, Readonly<Record<string, Source>>>> = {
  ingest: {},
  assign: { accepted },
  execute: { accepted, assignment },
  coordinate: { accepted, executed },
  verify: { accepted, executed, synthesis, executeRecord: record('execute') },
  deliver: {
    accepted,
    assignment,
    executed,
    synthesis,
    judged: output('verify'),
    ...Object.fromEntries(before('deliver').map((phase) => [`record-${phase}`, record(phase)])),
  },
  conclude: Object.fromEntries(before('conclude').map((phase) => [phase, record(phase)])),
};

/**
 * Why phases did not work on what the phases before them handed on, as sentences. Verdicts say that an output follows
 * from its inputs; this says that the inputs are the right ones.
 *
 * @param records one of each phase at most, in any order
 */
export function handoverProblems(records: readonly PhaseRecord[]): string[] {
  const known = new Map(records.map((one) => [one.phase, one]));
  return records.flatMap(({ phase, input }) => {
    const given = Object.entries(input).flatMap(([name, digest]) => {
      const source = sources[phase][name];
      if (!source)
        return phase === 'ingest' && name === 'request'
          ? []
          : [`${phase} worked on ${name}, which nobody hands on.`];
      const expected = handedOn(known.get(source.phase), source);
      return digest === expected
        ? []
        : [`${phase} worked on another ${name} than ${source.phase} handed on.`];
    });
    const needed = phase === 'ingest' ? ['request'] : Object.keys(sources[phase]);
    const missing = needed
      // A run that failed concludes with the records that there are.
      .filter((name) => phase !== 'conclude' || known.has(name as PhaseName))
      .filter((name) => input[name] === undefined)
      .map((name) => `${phase} did not work on ${name}.`);
    return [...given, ...missing];
  });
}

function handedOn(from: PhaseRecord | undefined, { what }: Source): Digest | null {
  if (!from) return null;
  return what === 'record' ? digestOfJson(from) : from.output;
}
