/** A run as the Web UI's summaries name it. */
export const runTitle = (run: string): string => `run ${run}`;
