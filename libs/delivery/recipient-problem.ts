import { Encrypter } from 'age-encryption';

/** Why nothing can be encrypted to an age recipient (`age1…`), as a sentence; undefined where it can. */
export function recipientProblem(recipient: string): string | undefined {
  try {
    new Encrypter().addRecipient(recipient);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `It is not the recipient of a key of age: ${why}.`;
  }
}
