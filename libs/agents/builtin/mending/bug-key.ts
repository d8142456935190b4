/** By what findings of a rule in a file are known again, so that what cannot be mended is not discovered for ever. */
export const bugKey = (rule: string, file: string): string => `bug | ${rule} | ${file}`;
