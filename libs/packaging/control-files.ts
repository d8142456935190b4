import type { Assignment } from '../contracts/phase.js';

/** What the subject's control files ask for and the run did not take up, and what is wrong with them. */
export const leftOfControlFiles = ({ controlFiles = [] }: Assignment): string[] =>
  controlFiles.flatMap(({ file, problems, items }) => [
    ...problems.map(({ line, column, says }) => `${file}:${line}:${column}: ${says}`),
    ...items
      .filter(({ fate }) => fate !== 'admitted')
      .map(({ line, text, reason }) => `${file}:${line}: "${text}" was not done. ${reason ?? ''}`.trim()),
  ]);
