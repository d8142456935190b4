/** Who signs in the service: each has keys of its own, which no other process can read. */
export const serviceIdentities = [
  'producer',
  'release',
  'agents',
  'verifier.a',
  'verifier.b',
  'verifier.c',
] as const;

export type ServiceIdentity = (typeof serviceIdentities)[number];

/** A person who may waive a failed pass, such as `person:ada`. */
export type PersonIdentity = `person:${string}`;

export type Identity = ServiceIdentity | PersonIdentity;

export const isIdentity = (text: string): text is Identity =>
  serviceIdentities.some((identity) => identity === text) || /^person:[a-z0-9][a-z0-9._-]{0,62}$/.test(text);
