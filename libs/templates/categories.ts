import { builtinCategories, type Template, type TemplateCategory } from '../contracts/template.js';

/** What the categories that need no declaration stand for (A4-16 to A4-19); a template may say more of them. */
const builtin: Readonly<Record<(typeof builtinCategories)[number], TemplateCategory>> = {
  analysis: {
    title: 'Analysis',
    description: 'Finds out what is to be done, and why.',
    instructions:
      'Look before anything is changed. Say what is there, what is wrong with it and where, and what is to be done in which order. Change nothing.',
    done: ['What was found is named with its place.', 'What follows is a plan of work that can be checked.'],
    outputs: ['A report', 'A plan, and work that follows from it'],
  },
  implementation: {
    title: 'Implementation',
    description: 'Changes the subject as it was planned.',
    instructions:
      'Change what was planned and nothing else. Keep what worked before. Say which files were changed, which were left, and why.',
    done: [
      'The files that were to be changed are changed, or it is said why not.',
      'Nothing that passed before fails.',
    ],
    outputs: ['A changed workspace', 'A list of the files that were changed and left'],
  },
  validation: {
    title: 'Validation',
    description: 'Judges what was made, by running it.',
    instructions:
      'Judge what was made in a fresh copy, by what was there before. Say what passes, what does not, and what could be better. Change nothing.',
    done: ['What was made was run and compared with what was there before.'],
    outputs: ['A verdict with its evidence', 'Issues and optimisations that were found'],
  },
};

/** A category as a template means it: what it says itself, over what is said of those that need no declaration. */
export function categoryOf({ categories }: Pick<Template, 'categories'>, name: string): TemplateCategory {
  const known = builtinCategories.find((one) => one === name);
  return { ...(known ? builtin[known] : {}), ...categories[name] };
}

/** What agents of a category are told first; undefined where nothing is said. */
export function instructionsOf(template: Pick<Template, 'categories'>, name: string): string | undefined {
  const { instructions, done = [], outputs = [] } = categoryOf(template, name);
  const parts = [
    instructions,
    done.length > 0 ? `It is done when: ${done.join(' ')}` : undefined,
    outputs.length > 0 ? `Expected: ${outputs.join('; ')}.` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join('\n') : undefined;
}
