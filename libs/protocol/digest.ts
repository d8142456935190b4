/** SHA-256 of some bytes as `sha256:` and 64 lower-case hexadecimal digits. It names an artifact. */
export type Digest = `sha256:${string}`;

/** Whether a string has the form of a digest. */
export const isDigest = (value: string): value is Digest => /^sha256:[0-9a-f]{64}$/.test(value);
