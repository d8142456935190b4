/** What the names of all entries of the registry begin with. Garbage collection keeps what they name. */
export const registryPrefix = 'templates/';

/** What the names of all entries of a tenant begin with. */
export const tenantPrefix = (tenant: string): string => `${registryPrefix}${tenant}/`;

/** The entry of a version: written once, so that a name and version never change their meaning. */
export const versionEntryName = (tenant: string, name: string, version: string): string =>
  `${tenantPrefix(tenant)}${name}/versions/${version}`;

/** The entry that says that a version, or without one the whole name, is archived. */
export const archivedEntryName = (tenant: string, name: string, version: string | undefined): string =>
  `${tenantPrefix(tenant)}${name}/archived/${version ?? 'all'}`;

/** What the names of the entries begin with by which a run is bound to its template. */
export const pinPrefix = (run: string): string => `pins/${run}/`;
