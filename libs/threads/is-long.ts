/** Texts of more than this many characters together are worked on in a thread: 64 KiB take some 20 ms at most. */
const limit = 64 * 1024;

/** Whether work on these texts would hold up the event loop for long. */
export const isLong = (...texts: readonly string[]): boolean =>
  texts.reduce((sum, { length }) => sum + length, 0) > limit;
