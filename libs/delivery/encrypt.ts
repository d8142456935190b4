import { Encrypter } from 'age-encryption';

/** Encrypts bytes to a recipient of age. The same bytes encrypted twice are not the same. */
export async function* encrypt(
  recipient: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  yield* await encrypter.encrypt(ReadableStream.from(bytes));
}
