import type { MissingPart } from './scores.js';
import type { Vagueness } from './vocabulary.js';

/** The question that a vague word leaves open. It names the word, and no answer. */
export function vagueQuestion(leaves: Vagueness, word: string): string {
  switch (leaves) {
    case 'measure':
      return `What does "${word}" mean, as a number with a unit?`;
    case 'quality':
      return `How is it checked that something is "${word}"?`;
    case 'amount':
      return `How many, or how much, is "${word}"?`;
    case 'time':
      return `When exactly is "${word}"?`;
    case 'condition':
      return `In which cases does "${word}" apply?`;
    case 'open list':
      return `What else belongs to the list that ends with "${word}"?`;
    case 'placeholder':
      return `What stands in the place of "${word}"?`;
    case 'thing':
      return `What exactly is meant by "${word}"?`;
  }
}

export const missingQuestions: Readonly<Record<MissingPart, string>> = {
  goal: 'What is to be done, as a verb and an object?',
  criteria: 'What must hold so that the result is accepted?',
  outputs: 'What is handed over in the end, and in which form?',
  constraints: 'Which limits hold, such as time, size or cost?',
};

export const referenceQuestion = (words: string): string => `What does "${words}" refer to?`;

/** Begins each question about a contradiction. */
export const contradictionOpening = 'Which of the two holds:';
export const contradictionQuestion = ([first, second]: readonly [string, string]): string =>
  `${contradictionOpening} "${first}" or "${second}"?`;
