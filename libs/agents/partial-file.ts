/** The file in `/outputs` by which a program says how far its work is, a line of JSON at a time. */
export const partialFile = 'partial.jsonl';

/** Bytes of one line; longer ones are passed over. */
export const longestPartial = 2048;
