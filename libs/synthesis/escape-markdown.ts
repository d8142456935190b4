/** Text of a subject as one line of Markdown in which nothing is markup. */
export const escapeMarkdown = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|!&~]/g, (character) => `\\${character}`);
