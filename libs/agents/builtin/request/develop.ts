import type {
  DeconstructOutcome,
  DevelopOutcome,
  DiagnoseOutcome,
  Finding,
  UnitOutcome,
} from './outcomes.js';
import { plainPhrase } from './phrases.js';
import { readMarkdown } from './read-markdown.js';
import { type Question, renderSpecification } from './render-specification.js';
import { judged } from './scores.js';

/** More questions than this nobody answers; what they would have asked stays a finding. */
const mostQuestions = 50;
/** Criteria that are made of measurable constraints where a request has none. */
const mostDerived = 3;

/**
 * Makes the specification: every sentence of the request is moved to its section, findings become open questions that
 * name what is missing, and where there is no criterion measurable constraints become ones. It adds no fact. The score
 * is measured on the text that was made: half for findings that are resolved or asked, half for units that are kept.
 */
export function develop(taken: DeconstructOutcome, { findings }: DiagnoseOutcome): DevelopOutcome {
  const { units } = taken;
  const derived = findings.some(isMissingCriteria) ? measurable(taken, findings) : [];
  const open = findings.filter(
    (finding) => finding.kind !== 'open' && !(isMissingCriteria(finding) && derived.length > 0),
  );
  const questions = questionsOf(open).slice(0, mostQuestions);
  const text = renderSpecification({ units, derived, questions });

  const made = readMarkdown(text).units;
  const asked = new Set(
    made.filter(({ told }) => told === 'questions').map((unit) => plainPhrase(unit.text)),
  );
  const counted = {
    all: findings.length,
    resolved: findings.filter((finding) => isMissingCriteria(finding) && derived.length > 0).length,
    asked: findings.filter(({ question }) => asked.has(plainOf(question))).length,
  };
  const kept = countKept(units, made);
  const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
  return {
    kind: 'request-develop',
    ...judged(
      50 * share(Math.min(counted.all, counted.resolved + counted.asked), counted.all) +
        50 * share(kept, units.length),
    ),
    text,
    units: { all: units.length, kept },
    findings: counted,
    questions: questions.map((question) => question.text),
    derived: derived.map(({ number }) => number),
  };
}

const isMissingCriteria = ({ kind, rule }: Finding): boolean => kind === 'missing' && rule === 'criteria';

/** Constraints with a number in which nothing was found: what they demand can be checked. */
function measurable({ units, quantities }: DeconstructOutcome, findings: readonly Finding[]): UnitOutcome[] {
  return units
    .filter(
      ({ number, kind, section }) =>
        kind === 'sentence' &&
        section === 'constraints' &&
        quantities.some(({ sentence }) => sentence === number) &&
        !findings.some(({ sentence }) => sentence === number),
    )
    .slice(0, mostDerived);
}

/** One question for all findings that ask the same, in the order of the first; those about the whole come first. */
function questionsOf(findings: readonly Finding[]): Question[] {
  return [...Map.groupBy(findings, ({ question }) => question)].map(([text, about]) => ({
    text,
    lines: [...new Set(about.flatMap(({ sentence, line }) => (sentence === null ? [] : [line])))],
  }));
}

/** How many units stand in the text that was made, each as often as it was said. */
function countKept(units: readonly UnitOutcome[], made: readonly { kind: string; text: string }[]): number {
  const there = new Map<string, number>();
  for (const { text } of made) there.set(plainOf(text), (there.get(plainOf(text)) ?? 0) + 1);
  let kept = 0;
  for (const { text } of units) {
    const left = there.get(plainOf(text)) ?? 0;
    if (left === 0) continue;
    kept += 1;
    there.set(plainOf(text), left - 1);
  }
  return kept;
}

/** Without the backslashes that keep a sentence from being something else. */
const plainOf = (text: string): string => plainPhrase(text.replaceAll(/\\(?=[-+*#>|`~[\].)=_])/g, ''));
