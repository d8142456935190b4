/** The words of the language of conditions. They may be written in any case. */
export const words = ['and', 'or', 'not', 'in', 'exists', 'true', 'false', 'null'] as const;
export type Word = (typeof words)[number];
