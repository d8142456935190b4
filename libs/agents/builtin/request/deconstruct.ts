import {
  type AnalysedRequest,
  type AnalysedUnit,
  analyseRequest,
  limitsOf,
  makes,
} from './analyse-request.js';
import { type DeconstructOutcome, type Part, parts } from './outcomes.js';
import { judged, partWeights } from './scores.js';

type FoundPart = DeconstructOutcome['parts'][number];

/** Takes a request apart: each part with its place. The score is how much of what a request needs is there. */
export function deconstruct(text: string): DeconstructOutcome {
  const request = analyseRequest(text);
  const asking = request.units.filter(({ section }) => section !== 'questions');
  const at = (unit: AnalysedUnit, offset: number) => ({
    sentence: unit.number,
    ...request.placeOf(unit.range[0] + offset),
  });
  const found = partsOf(request);
  const coverage = parts.map((part) => ({
    part,
    weight: partWeights[part],
    found: found.filter((one) => one.part === part).length,
  }));
  return {
    kind: 'request-deconstruct',
    ...judged(coverage.reduce((sum, { weight, found: count }) => sum + (count > 0 ? weight : 0), 0)),
    units: request.units.map(({ number, kind, section, under, checked, line, column, text: own }) => ({
      number,
      kind,
      section,
      under,
      checked,
      line,
      column,
      text: own,
    })),
    parts: found,
    goals: asking.flatMap((unit) =>
      unit.goal && !unit.goal.limits
        ? [{ ...at(unit, unit.goal.verbAt), verb: unit.goal.verb, object: objectOf(unit, text) }]
        : [],
    ),
    names: asking.flatMap((unit) =>
      unit.names.map((name) => ({ ...at(unit, name.at), kind: name.kind, text: name.text })),
    ),
    quantities: asking.flatMap((unit) =>
      limitsOf(unit).map(({ at: offset, length, comparator, value, unit: measure }) => ({
        ...at(unit, offset),
        text: unit.masked.slice(offset, offset + length).replaceAll(/\s+/g, ' '),
        comparator,
        value,
        unit: measure,
      })),
    ),
    coverage,
  };

  function partsOf({ units, placeOf }: AnalysedRequest): FoundPart[] {
    return units.flatMap((unit): FoundPart[] => {
      if (unit.section === 'questions') return [];
      const one = (part: Part, offset: number, said: string): FoundPart => ({
        part,
        sentence: unit.number,
        ...placeOf(unit.range[0] + offset),
        text: said,
      });
      const { goal, said, section } = unit;
      const asked = goal && !goal.limits ? goal : null;
      const made = makes(unit);
      const phrases = (part: 'criteria' | 'constraints' | 'outputs' | 'inputs' | 'audience') =>
        said[part].map(({ at: offset, text: phrase }) => one(part, offset, phrase));
      const whole = (part: 'criteria' | 'constraints' | 'outputs' | 'inputs' | 'context', has: boolean) =>
        section === part && !has && unit.kind !== 'title' && unit.kind !== 'definition'
          ? [one(part, 0, unit.text)]
          : [];
      const bounded = limitsOf(unit).map(({ at: offset, length }) =>
        one('constraints', offset, unit.masked.slice(offset, offset + length).replaceAll(/\s+/g, ' ')),
      );
      return [
        ...(asked ? [one('goal verb', asked.verbAt, asked.verb)] : []),
        ...(asked?.object ? [one('goal object', asked.object[0], objectOf(unit, text))] : []),
        ...phrases('criteria'),
        ...whole('criteria', said.criteria.length > 0),
        ...phrases('constraints'),
        ...bounded,
        ...whole('constraints', said.constraints.length + bounded.length > 0),
        ...phrases('outputs'),
        ...(made ? [one('outputs', made.at, made.text)] : []),
        ...whole('outputs', said.outputs.length > 0),
        ...whole('context', false),
        ...phrases('inputs'),
        ...whole('inputs', said.inputs.length > 0),
        ...phrases('audience'),
        ...unit.names.map((name) => one('names', name.at, name.text)),
      ];
    });
  }
}

function objectOf({ goal, range }: AnalysedUnit, text: string): string {
  if (!goal?.object) return '';
  const [from, to] = goal.object;
  return text.slice(range[0] + from, range[0] + to).replaceAll(/\s+/g, ' ');
}
