import { type Data, Message } from 'capnp-es';
import { type PackageManifest, packageManifestSchema } from '../../contracts/phase.js';
import { HeptadError } from '../../protocol/errors.js';
import * as capnp from './generated/manifest.js';
import { hashSize } from './merkle-root.js';

/** Bytes of the fixed parts: the frame, the root with its pointers, the list's tag; and a file with its two digests. */
const fixedSize = { message: 80, file: 32 + 2 * hashSize };

/**
 * A manifest in Cap'n Proto, by `schema/manifest.capnp`. The encoding is canonical: one segment, objects in the order
 * in which a reader comes to them, nothing between them; so the same manifest always gives the same bytes.
 *
 * @throws HeptadError `InputInvalid` it is not what the contract says, or a text in it has a lone surrogate
 */
export function encodeManifest(manifest: PackageManifest): Buffer {
  const { files, ...texts } = parsed(manifest);
  const message = new Message();
  const root = message.initRoot(capnp.PackageManifest);
  // At once, as each growth copies everything. What is too much is not written.
  message.allocateSegment(sizeOf(manifest));
  root.version = texts.version;
  root.run = texts.run;
  root.template = texts.template;
  root.subject = texts.subject;
  root.decision = texts.decision;
  root.candidate = texts.candidate;
  const list = root._initFiles(files.length);
  for (const [index, { path, size, sha256, fsverity }] of files.entries()) {
    const file = list.get(index);
    file.path = path;
    file.size = BigInt(size);
    write(file._initSha256(hashSize), sha256);
    write(file._initFsverity(hashSize), fsverity);
  }
  return Buffer.from(message.toArrayBuffer());
}

function parsed(manifest: PackageManifest): PackageManifest {
  const { data, error } = packageManifestSchema.safeParse(manifest);
  if (error)
    throw new HeptadError('InputInvalid', `The manifest is not one: ${error.issues[0]?.message}.`, {
      problems: error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, reason: message })),
    });
  const broken = textsOf(data).find((text) => !text.isWellFormed());
  if (broken !== undefined)
    throw new HeptadError(
      'InputInvalid',
      `${JSON.stringify(broken)} in the manifest is no text: it has a lone surrogate, which UTF-8 cannot say.`,
    );
  return data;
}

const textsOf = (manifest: PackageManifest): string[] => [
  manifest.run,
  manifest.template,
  manifest.subject,
  manifest.decision,
  manifest.candidate,
  ...manifest.files.map(({ path }) => path),
];

/** Not less than the bytes of the encoding. A text has a zero byte after it and fills whole words. */
function sizeOf(manifest: PackageManifest): number {
  const texts = textsOf(manifest).reduce((sum, text) => sum + Buffer.byteLength(text) + 8, 0);
  return fixedSize.message + texts + manifest.files.length * fixedSize.file;
}

function write(data: Data, digest: string): void {
  data.copyBuffer(Buffer.from(digest, 'hex'));
}
