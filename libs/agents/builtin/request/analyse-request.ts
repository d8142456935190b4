import { type Asked, findGoal } from './find-goal.js';
import { findNames, type Name } from './find-names.js';
import { findQuantities, type Quantity } from './find-quantities.js';
import { phrasePattern } from './phrases.js';
import { type ReadRequest, readMarkdown, type Unit } from './read-markdown.js';
import { audiences, deliverables, makingVerbs, type Section } from './vocabulary.js';

/** A unit with what it was found to say. Offsets are within it. */
export interface AnalysedUnit extends Unit {
  readonly section: Section;
  /** The words of it, code and addresses hidden; blank where it is not a sentence, heading or title. */
  readonly masked: string;
  readonly goal: Asked | null;
  readonly quantities: readonly Quantity[];
  readonly names: readonly Name[];
  /** Where words say each of these, first by first. */
  readonly said: Readonly<
    Record<'criteria' | 'constraints' | 'outputs' | 'inputs' | 'audience', readonly Said[]>
  >;
}
export interface Said {
  readonly at: number;
  readonly text: string;
}

export interface AnalysedRequest {
  readonly units: readonly AnalysedUnit[];
  readonly placeOf: ReadRequest['placeOf'];
}

const patterns = {
  criteria:
    /\b(?:done when|is done|accepted (?:when|if|once)|is complete (?:when|if|once)|(?:success|complete|finished) means|we know it works|tests? (?:must )?(?:pass|passes|succeed)|all tests pass|can (?:follow|run|install|read|see|find|open|use|start|do|build|reproduce|check|understand|answer)|exits? with|(?:is|are) (?:shown|listed|returned|printed|rejected|accepted) (?:when|if|for)|given .{1,200}? when .{1,200}? then)\b/gi,
  constraints:
    /\b(?:must not|must|shall not|shall|may not|cannot|can't|only|without|never|at most|at least|no more than|no less than|no longer than|no later than|not exceed|do not|don't|has to|have to|is required|are required|is forbidden|not allowed|avoid|ensure|make sure|limited to)\b/gi,
  outputs:
    /\b(?:outputs?|deliverables?|results? (?:is|are|in|as)|the result|returns?|produces?|prints|generates|yields|in the form of|as an? (?:\w+ )?(?:file|list|table|page|document|report|json|csv|pdf|markdown|script|package|library|image|chart|diagram|pull request|patch))\b/gi,
  inputs:
    /\b(?:inputs?|given (?:is|are)|based on|attached|sources? (?:is|are)|reads? from|read from|from the (?:\w+ )?(?:file|files|data|table|list|log|logs|database|report|api)|starts? from|starting from|use the (?:\w+ )?(?:file|files|data|table|list|log|logs|report))\b/gi,
} as const;
const deliverable = phrasePattern(deliverables.flatMap((noun) => [noun, `${noun}s`]));
const audience = phrasePattern(audiences.flatMap((noun) => [noun, `${noun}s`]));
const question = /[?？]["'”’)\]\s]*$/;
// Marks that stand for a word that is still missing.
const blankAnswer = /(?<!\S)\?{3,}["'”’)\]\s]*$/;
const polite = /^\s*(?:please\s+)?(?:can|could|would|will) you\b/i;

/** Reads a request, and decides for each of its units what it says and which section it belongs to. */
export function analyseRequest(text: string): AnalysedRequest {
  const request = readMarkdown(text);
  const names = findNames(request);
  const units: AnalysedUnit[] = [];
  for (const unit of request.units) {
    const [from, to] = unit.range;
    const spoken = unit.kind === 'sentence' || unit.kind === 'heading' || unit.kind === 'title';
    const masked = spoken ? request.masked.slice(from, to) : '';
    const said = { ...saidIn(masked), audience: allOf(audience, masked) };
    const own = {
      ...unit,
      masked,
      goal: findGoal(masked),
      quantities: findQuantities(masked),
      names: names.filter(({ at }) => at >= from && at < to).map((name) => ({ ...name, at: name.at - from })),
      said,
    };
    const above = unit.under === null ? undefined : units[unit.under - 1];
    const section = above?.section ?? (asks(masked) ? 'questions' : (unit.told ?? sectionOf(own)));
    units.push({ ...own, section });
  }
  return { units, placeOf: request.placeOf };
}

const saidIn = (masked: string) => ({
  criteria: allOf(patterns.criteria, masked),
  constraints: allOf(patterns.constraints, masked),
  outputs: allOf(patterns.outputs, masked),
  inputs: allOf(patterns.inputs, masked),
});

const allOf = (pattern: RegExp, text: string): Said[] =>
  [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
    at: index,
    text: found.replaceAll(/\s+/g, ' '),
  }));

const asks = (masked: string): boolean =>
  question.test(masked) && !polite.test(masked) && !blankAnswer.test(masked);

/** The section of what no heading, label or introduction gives one: the first rule that holds. */
function sectionOf(unit: Omit<AnalysedUnit, 'section'>): Section {
  const { masked, checked, goal, quantities, said, kind } = unit;
  if (kind !== 'sentence' && kind !== 'heading' && kind !== 'title') return 'context';
  if (checked !== null || said.criteria.length > 0) return 'criteria';
  if (goal && !goal.limits) return 'goal';
  if (/^\s*use\b/i.test(masked) && said.inputs.length > 0) return 'inputs';
  if (goal?.limits || said.constraints.length > 0 || quantities.some(({ bounded }) => bounded))
    return 'constraints';
  if (said.outputs.length > 0) return 'outputs';
  return said.inputs.length > 0 ? 'inputs' : 'context';
}

/** Numbers that bound something: those that say so, and any where bounds are expected. */
export const limitsOf = ({ quantities, section }: AnalysedUnit): readonly Quantity[] =>
  section === 'constraints' || section === 'criteria'
    ? quantities
    : quantities.filter(({ bounded }) => bounded);

/** What a goal brings about, where it names it as a file or as something that can be handed over: an output. */
export function makes({ goal, names, section, masked }: AnalysedUnit): Said | undefined {
  if (section === 'questions' || !goal?.object || !makingVerbs.includes(goal.verb)) return undefined;
  const [from, to] = goal.object;
  const file = names.find(({ kind, at }) => kind === 'path' && at >= from && at < to);
  if (file) return file;
  const thing = allOf(deliverable, masked.slice(from, to))[0];
  return thing && { ...thing, at: thing.at + from };
}
