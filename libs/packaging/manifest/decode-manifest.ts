import { type Data, Message, type Struct, utils } from 'capnp-es';
import { type PackageManifest, packageManifestSchema } from '../../contracts/phase.js';
import { HeptadError } from '../../protocol/errors.js';
import { encodeManifest } from './encode-manifest.js';
import * as capnp from './generated/manifest.js';

/** Manifests of more bytes than this are not read: 256 MiB, more than a million files. */
const limit = 256 * 1024 * 1024;

/** A text ends with a zero byte that is not part of it. A byte order mark is part of it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads what {@link encodeManifest} wrote, and nothing else: a manifest has one encoding, so bytes that say the same
 * in another way are refused, and so are fields that the schema does not have. The bytes may be anyone's: what is done
 * with them is bounded by how many they are.
 *
 * @throws HeptadError `InputInvalid`
 */
export function decodeManifest(bytes: Uint8Array): PackageManifest {
  if (bytes.length > limit) throw invalid(`it has ${bytes.length} bytes, and ${limit} are the limit`);
  const problem = shapeProblem(bytes);
  if (problem) throw invalid(problem);
  let read: unknown;
  try {
    read = readRoot(bytes);
  } catch (cause) {
    throw invalid(`its Cap'n Proto cannot be read (${String(cause)})`, cause);
  }
  const { data, error } = packageManifestSchema.safeParse(read);
  if (error)
    throw new HeptadError('InputInvalid', 'The binary manifest is not what was expected.', {
      problems: error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, reason: message })),
    });
  if (!encodeManifest(data).equals(bytes)) throw invalid('it is not its canonical encoding');
  return data;
}

/** Where things are, in bytes: after the frame the root, whose last pointer is that to the files; then the texts. */
const head = { frame: 8, files: 64, texts: 72 };

/**
 * What of the outermost structure is not as an encoding has it. The library trusts a message in how long its lists
 * are, so that is settled before: a list may be no longer than the bytes that its elements take.
 */
function shapeProblem(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < head.texts || bytes.length % 8 !== 0) return 'it is cut off';
  if (view.getUint32(0, true) !== 0) return 'it is of more than one segment';
  if (view.getUint32(4, true) * 8 !== bytes.length - head.frame)
    return 'its length is not the one that it names';
  // A struct that begins right here, of one word of values and six pointers.
  if (view.getBigUint64(8, true) !== 0x0006_0001_0000_0000n) return 'its root is not that of a manifest';
  const pointer = view.getUint32(head.files, true);
  // A list of structs, which has a tag of one word before them.
  if ((pointer & 3) !== 1 || (view.getUint32(head.files + 4, true) & 7) !== 7) return 'it lists no files';
  const words = view.getUint32(head.files + 4, true) >>> 3;
  const tag = head.files + 8 + (pointer >>> 2) * 8;
  if (tag + 8 + words * 8 > bytes.length) return 'its list of files is cut off';
  const count = view.getUint32(tag, true) >>> 2;
  if ((view.getUint32(tag, true) & 3) !== 0 || view.getUint32(tag + 4, true) !== 0x0003_0001)
    return 'its files are not those of a manifest';
  if (count * 4 !== words) return 'it lists more files than it has';
  return undefined;
}

function readRoot(bytes: Uint8Array): unknown {
  const root = new Message(bytes, false).getRoot(capnp.PackageManifest);
  let left = bytes.length;
  // Many files may name the same bytes, and each of them would be read: all texts together are no more than the bytes.
  const textAt = (index: number, struct: Struct): string => {
    const data = utils.getData(index, struct).toUint8Array();
    left -= data.length;
    if (left < 0) throw new Error('its texts overlap');
    if (data.at(-1) !== 0) throw new Error('a text has no end');
    return utf8.decode(data.subarray(0, -1));
  };
  return {
    version: root.version,
    run: textAt(0, root),
    template: textAt(1, root),
    subject: textAt(2, root),
    decision: textAt(3, root),
    candidate: textAt(4, root),
    files: root.files.map((file) => ({
      path: textAt(0, file),
      size: Number(file.size),
      sha256: hex(file.sha256),
      fsverity: hex(file.fsverity),
    })),
  };
}

const hex = (data: Data): string => {
  const bytes = data.toUint8Array();
  if (bytes.length !== 32) throw new Error('a digest is not of 32 bytes');
  return Buffer.from(bytes).toString('hex');
};

const invalid = (why: string, cause?: unknown): HeptadError =>
  new HeptadError('InputInvalid', `The binary manifest is refused: ${why}.`, { cause });
