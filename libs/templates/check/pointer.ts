/** A JSON pointer (RFC 6901) that leads from `base` through some names. */
export const pointer = (base: string, ...names: readonly PropertyKey[]): string =>
  base + names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The names that a JSON pointer leads through. */
export const namesOf = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
