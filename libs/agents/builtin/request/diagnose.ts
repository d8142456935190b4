import { type AnalysedUnit, analyseRequest, limitsOf, makes } from './analyse-request.js';
import { findAmbiguous } from './find-ambiguous.js';
import { findContradictions } from './find-contradictions.js';
import { findVague } from './find-vague.js';
import type { DiagnoseOutcome, Finding, Severity } from './outcomes.js';
import { plainPhrase } from './phrases.js';
import {
  contradictionOpening,
  contradictionQuestion,
  missingQuestions,
  referenceQuestion,
  vagueQuestion,
} from './questions.js';
import {
  asked,
  contradictionDeduction,
  judged,
  type MissingPart,
  missingDeductions,
  unclearDeduction,
  unclearWeights,
} from './scores.js';

const missingParts = Object.keys(missingDeductions) as MissingPart[];

/**
 * What is vague, contradictory, missing or ambiguous in a request, with its place. What an open question asks for
 * already is not found again: the question stands for it, at half the weight.
 */
export function diagnose(text: string): DiagnoseOutcome {
  const { units, placeOf } = analyseRequest(text);
  const looked = units.filter(({ section, kind }) => section !== 'questions' && kind !== 'definition');
  const questions = units.filter(({ section, masked }) => section === 'questions' && masked.trim() !== '');
  const isAsked = new Set(questions.map((unit) => plainPhrase(unit.text)));
  const at = (unit: AnalysedUnit, offset: number) => ({
    sentence: unit.number,
    ...placeOf(unit.range[0] + offset),
  });

  const detected: Finding[] = [
    ...missingParts.filter((part) => isMissing(part, looked)).map(missingFinding),
    ...findContradictions(looked).map(
      ({ rule, first, second, at: offset, says: both, text: words }): Finding => ({
        kind: 'contradictory',
        rule,
        severity: 'high',
        ...at(second, offset),
        text: words,
        says: `It contradicts line ${first.line}: "${both[0]}" and "${both[1]}" cannot both hold.`,
        question: contradictionQuestion(both),
      }),
    ),
    ...looked.flatMap((unit) =>
      findVague(unit).map(
        ({ at: offset, text: word, leaves }): Finding => ({
          kind: 'vague',
          rule: leaves,
          severity: leaves === 'placeholder' ? 'high' : severityIn(unit),
          ...at(unit, offset),
          text: word.replaceAll(/\s+/g, ' '),
          says: `"${plainPhrase(word)}" leaves open ${opens[leaves]}.`,
          question: vagueQuestion(leaves, plainPhrase(word)),
        }),
      ),
    ),
    ...looked.flatMap((unit) =>
      findAmbiguous(unit, units[unit.number - 2]).map(
        ({ at: offset, text: words }): Finding => ({
          kind: 'ambiguous',
          rule: 'reference',
          severity: severityIn(unit),
          ...at(unit, offset),
          text: words.replaceAll(/\s+/g, ' '),
          says: `What "${plainPhrase(words)}" refers to is not said.`,
          question: referenceQuestion(plainPhrase(words)),
        }),
      ),
    ),
  ];
  const findings = [
    ...detected.filter(({ question }) => !isAsked.has(plainPhrase(question))),
    ...questions.map(
      (unit): Finding => ({
        kind: 'open',
        rule: 'question',
        severity: 'low',
        ...at(unit, 0),
        text: unit.text,
        says: 'It is an open question.',
        question: unit.text,
      }),
    ),
  ].sort((a, b) => a.line - b.line || a.column - b.column);
  const deductions = deduct(findings, Math.max(1, sentencesOf(looked)));
  return {
    kind: 'request-diagnose',
    ...judged(100 - deductions.missing - deductions.contradictory - deductions.unclear),
    findings,
    sentences: sentencesOf(looked),
    deductions,
  };
}

const opens: Readonly<Record<Parameters<typeof vagueQuestion>[0], string>> = {
  measure: 'the measure',
  quality: 'how it is checked',
  amount: 'the number',
  time: 'the time',
  condition: 'the condition',
  'open list': 'the rest of the list',
  placeholder: 'what belongs there',
  thing: 'what is meant',
};

const sentencesOf = (looked: readonly AnalysedUnit[]): number =>
  looked.filter(({ kind }) => kind !== 'title').length;

const isMissing = (part: MissingPart, units: readonly AnalysedUnit[]): boolean =>
  !units.some((unit) => says(part, unit));

function says(part: MissingPart, unit: AnalysedUnit): boolean {
  const { goal, section, said, kind } = unit;
  const inPlace = section === part && kind !== 'title';
  switch (part) {
    case 'goal':
      return goal !== null && !goal.limits;
    case 'constraints':
      return inPlace || limitsOf(unit).length > 0 || said.constraints.length > 0;
    case 'outputs':
      return inPlace || makes(unit) !== undefined || said.outputs.length > 0;
    case 'criteria':
      return inPlace || said.criteria.length > 0;
  }
}

const missingSays: Readonly<Record<MissingPart, string>> = {
  goal: 'It asks for nothing: there is no sentence that begins with a verb such as "add" or "write".',
  criteria: 'It does not say what must hold so that the result is accepted.',
  outputs: 'It does not say what is handed over.',
  constraints: 'It names no limit.',
};

const missingFinding = (part: MissingPart): Finding => ({
  kind: 'missing',
  rule: part,
  severity: part === 'goal' || part === 'criteria' ? 'high' : 'medium',
  sentence: null,
  line: 1,
  column: 1,
  text: '',
  says: missingSays[part],
  question: missingQuestions[part],
});

/** What is unclear in what is demanded matters more than in what is told. */
const severityIn = ({ section }: AnalysedUnit): Severity =>
  section === 'goal' || section === 'constraints' || section === 'criteria' ? 'medium' : 'low';

function deduct(findings: readonly Finding[], sentences: number): DiagnoseOutcome['deductions'] {
  let missing = 0;
  let contradictory = 0;
  let unclear = 0;
  for (const { kind, rule, severity, question } of findings) {
    const missingPart = missingParts.find((part) => missingQuestions[part] === question);
    if (kind === 'missing') missing += missingDeductions[rule as MissingPart];
    else if (kind === 'contradictory') contradictory += contradictionDeduction;
    else if (kind !== 'open') unclear += unclearWeights[severity];
    else if (missingPart) missing += missingDeductions[missingPart] * asked;
    else if (question.startsWith(contradictionOpening)) contradictory += contradictionDeduction * asked;
    else unclear += unclearWeights.low * asked;
  }
  const share = Math.min(1, unclear / sentences);
  // Two digits: enough to see where the score comes from, and the same on every machine.
  return { missing, contradictory, unclear: Math.round(share * unclearDeduction * 100) / 100 };
}
