/** Name of the entry that says that a run is sealed; it is written last, once. */
export const sealEntryName = (run: string): string => `seals/${run}`;

/** Name of the entry that says why a run that has ended is not sealed. */
export const refusalEntryName = (run: string): string => `refusals/${run}`;

/** Name of the entry that says that the archive of a run was deleted; it outlives the archive. */
export const deletionEntryName = (run: string): string => `deletions/${run}`;
