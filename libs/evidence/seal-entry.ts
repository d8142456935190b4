/** Name of the entry that says that a run is sealed; it is written last, once. */
export const sealEntryName = (run: string): string => `seals/${run}`;
