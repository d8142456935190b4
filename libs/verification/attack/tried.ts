/** An attack that was tried, and the sentence by which it was rejected; null where it was accepted. */
export interface Tried {
  readonly name: string;
  readonly rejection: string | null;
}
