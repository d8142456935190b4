import type { IRecognitionException, IToken } from 'chevrotain';
import { type ConditionProblem, excerpt, problemAt } from './condition-problem.js';
import { expected } from './parse-grammar.js';
import {
  And,
  CloseRound,
  CloseSquare,
  Comma,
  Comparison,
  Dot,
  Exists,
  Field,
  In,
  Name,
  Not,
  Numeral,
  OpenRound,
  OpenSquare,
  OpenText,
  Or,
  Slip,
  Text,
} from './parse-tokens.js';

/** Parentheses and NOTs that may be within one another; the parser calls itself for each. */
const deepest = 50;

/** What is wrong with the tokens by themselves: habits of other languages, texts, numbers, depth. */
export function tokenProblems(tokens: readonly IToken[]): ConditionProblem[] {
  const problems = tokens.flatMap(problemsOfToken);
  return problems.length > 0 ? problems : depthProblems(tokens);
}

function problemsOfToken({ tokenType, startOffset, image }: IToken): ConditionProblem[] {
  switch (tokenType) {
    case Slip:
      return [problemAt(startOffset, image.length, excerpt(image), ` means nothing; ${adviceOn(image)}.`)];
    case OpenText:
      return [problemAt(startOffset, image.length, 'The text that begins', ' has no closing quote.')];
    case Numeral:
      return Number.isFinite(Number(image))
        ? []
        : [problemAt(startOffset, image.length, `The number ${excerpt(image)}`, ' is too large.')];
    case Text:
      return [...image.matchAll(/\\(?:u[0-9a-fA-F]{0,4}|[\s\S])/g)]
        .filter(([found]) => !/^\\(?:["'\\/bfnrt]|u[0-9a-fA-F]{4})$/.test(found))
        .map(({ 0: found, index }) =>
          problemAt(
            startOffset + index,
            found.length,
            excerpt(found),
            ' means nothing; a backslash itself is written twice.',
          ),
        );
    default:
      return [];
  }
}

const advices: readonly (readonly [slip: RegExp, advice: string])[] = [
  [/^(?:=|===)$/, 'equality is =='],
  [/^(?:!==|<>)$/, 'inequality is !='],
  [/^=>$/, 'write >='],
  [/^=<$/, 'write <='],
  [/^&/, 'write AND'],
  [/^\|/, 'write OR'],
  [/^!$/, 'write NOT'],
  [/^[+*/%-]$/, 'there is no arithmetic in conditions'],
  [/^./, 'write straight quotes'],
];

const adviceOn = (slip: string): string => advices.find(([pattern]) => pattern.test(slip))?.[1] ?? '';

function depthProblems(tokens: readonly IToken[]): ConditionProblem[] {
  /** NOTs before each parenthesis that is open. */
  const open: number[] = [];
  let depth = 0;
  let nots = 0;
  for (const [index, { tokenType, startOffset, image }] of tokens.entries()) {
    const isPrefix = tokenType === Not && tokens[index + 1]?.tokenType !== In;
    if (isPrefix) nots += 1;
    else if (tokenType === OpenRound) {
      open.push(nots);
      depth += nots + 1;
      nots = 0;
    } else if (tokenType === CloseRound) {
      depth -= (open.pop() ?? -1) + 1;
      nots = 0;
    } else if (tokenType === And || tokenType === Or) nots = 0;
    if (depth + nots > deepest)
      return [
        problemAt(
          startOffset,
          image.length,
          `More than ${deepest} parentheses and NOTs are within one another`,
        ),
      ];
  }
  return [];
}

/** What the parser did not find, as a sentence. */
export function syntaxProblem(
  text: string,
  tokens: readonly IToken[],
  { message, token }: IRecognitionException,
): ConditionProblem {
  // The end of the text is a token of its own, which is not in the list.
  const at = tokens.includes(token) ? tokens.indexOf(token) : tokens.length;
  const typeAt = (index: number) => tokens[index]?.tokenType;
  if (message === expected.field && typeAt(at - 1) === Name && typeAt(at - 2) === Comparison)
    return missing(text, tokens, at - 1, expected.value);
  const start = unitBefore(tokens, at);
  const isLoneFact =
    typeAt(start) === Name && ![Comparison, In, Exists].some((type) => type === typeAt(start - 1));
  const couldFollow = message === expected.end || message === expected.closeRound;
  const isMore = at < tokens.length && typeAt(at) !== CloseRound;
  return missing(text, tokens, at, isLoneFact && couldFollow && isMore ? expected.comparison : message);
}

function missing(text: string, tokens: readonly IToken[], at: number, wanted: string): ConditionProblem {
  const found = tokens[at];
  const after = at > 0 ? ` after ${excerpt(slice(text, tokens, unitBefore(tokens, at), at))}` : '';
  const unit = found ? slice(text, tokens, at, unitEnd(tokens, at)) : '';
  const instead = found ? `, not ${excerpt(unit)}${hint(tokens, at)}` : '';
  return problemAt(
    found?.startOffset ?? text.length,
    unit.length,
    `Expected ${wanted}${after}`,
    `${instead}.`,
  );
}

/** A name where only a written value may stand is most often a text without its quotes. */
function hint(tokens: readonly IToken[], at: number): string {
  const before = tokens[at - 1]?.tokenType;
  const isElement = before === OpenSquare || before === Comma;
  if (tokens[at]?.tokenType !== Name || !(isElement || before === Comparison)) return '';
  return unitEnd(tokens, at) === at + 1 ? '; text stands in quotes' : '; a list has written values only';
}

/** Index behind the fact, or the token, that begins at an index. */
function unitEnd(tokens: readonly IToken[], start: number): number {
  if (tokens[start]?.tokenType !== Name) return start + 1;
  let end = start + 1;
  for (;;) {
    const bracket = tokens[end]?.tokenType === Dot ? end + 1 : end;
    if (tokens[end]?.tokenType === Field) end += 1;
    else if (
      [OpenSquare, Text, CloseSquare].every((type, place) => tokens[bracket + place]?.tokenType === type)
    )
      end = bracket + 3;
    else return end;
  }
}

/** Index where the fact, or the token, begins that ends before an index. */
function unitBefore(tokens: readonly IToken[], end: number): number {
  for (let start = end - 2; start >= 0; start -= 1) {
    if (tokens[start]?.tokenType === Name) return unitEnd(tokens, start) === end ? start : end - 1;
  }
  return end - 1;
}

const slice = (text: string, tokens: readonly IToken[], from: number, to: number): string => {
  const last = tokens[to - 1];
  return text.slice(tokens[from]?.startOffset, last && last.startOffset + last.image.length);
};
