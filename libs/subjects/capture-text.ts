import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { mediaType } from '../artifacts/media-types.js';
import { writeSnapshot } from '../artifacts/snapshot/write-snapshot.js';
import type { CapturedSubject, Subject } from '../contracts/subject.js';
import { titleOf } from './title-of.js';

type TextSubject = Extract<Subject, { kind: 'text' }>;

/** The one file of a workspace that a text became. */
const requestFile = 'request.md';

/** Captures a text as a workspace with one file, `request.md`, which holds it and ends with a line end. */
export async function captureText(
  subject: TextSubject,
  { store }: { readonly store: ArtifactStore },
): Promise<CapturedSubject> {
  const title = titleOf(subject);
  const snapshot = await store.batch(async (writer) => {
    const { digest, size } = await writer.put(`${subject.text}\n`, mediaType.bytes);
    return await writeSnapshot(
      writer,
      [{ kind: 'file', path: requestFile, executable: false, size, digest }],
      `The text ${title}`,
    );
  });
  return { subject, title, snapshot };
}
