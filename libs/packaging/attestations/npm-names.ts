/** The package URL of a version on npm; the `@` of a scope is escaped in it. */
export const npmPurl = (name: string, version: string): string =>
  `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`;

/** The hexadecimal digits of an integrity: `sha512-` and base64. */
export const sha512Of = (integrity: string): string =>
  Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
