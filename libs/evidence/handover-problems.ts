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

export interface HandoverUse {
  /**
   * Phases that ended otherwise than by completing, as their histories say. They hand on nothing but their record, and
   * that not always: one that was cancelled ends after its record was written, which conclude then does not know.
   */
  readonly cutOff?: ReadonlySet<PhaseName>;
}

/**
 * Why phases did not work on what the phases before them handed on, as sentences. Verdicts say that an output follows
 * from its inputs; this says that the inputs are the right ones.
 *
 * @param records one of each phase at most, in any order
 */
export function handoverProblems(
  records: readonly PhaseRecord[],
  { cutOff = new Set() }: HandoverUse = {},
): string[] {
  const known = new Map(records.map((one) => [one.phase, one]));
  const handedOn = ({ phase, what }: Source): Digest | null => {
    const from = known.get(phase);
    if (!from) return null;
    if (what === 'record') return digestOfJson(from);
    return from.failure || cutOff.has(phase) ? null : from.output;
  };
  return records.flatMap(({ phase, input }) => {
    const given = Object.entries(input).flatMap(([name, digest]) => {
      const source = Object.hasOwn(sources[phase], name) ? sources[phase][name] : undefined;
      if (!source)
        return phase === 'ingest' && name === 'request'
          ? []
          : [`${phase} worked on ${name}, which nobody hands on.`];
      return digest === handedOn(source)
        ? []
        : [`${phase} worked on another ${name} than ${source.phase} handed on.`];
    });
    const needed =
      phase === 'ingest'
        ? ['request']
        : phase === 'conclude'
          ? // A run that failed concludes with the records that there are.
            before(phase).filter((one) => known.has(one) && !cutOff.has(one))
          : Object.keys(sources[phase]);
    const missing = needed
      .filter((name) => !Object.hasOwn(input, name))
      .map((name) => `${phase} did not work on ${name}.`);
    return [...given, ...missing];
  });
}
