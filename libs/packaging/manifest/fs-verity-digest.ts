import { createHash, hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { blockSize, MerkleRoot } from './merkle-root.js';

/** What identifies the bytes of a file, both digests as 64 lower-case hexadecimal digits. */
export interface FileDigests {
  readonly sha256: string;
  /** As `fsverity digest` prints it after `sha256:`. */
  readonly fsverity: string;
  /** Bytes. */
  readonly size: number;
}

/** After how many bytes other work has its turn: about 3 ms. */
const turn = 1024 * 1024;

/**
 * The SHA-256 and the fs-verity digest of a file, in one pass and in memory that does not grow with it. The event loop
 * goes on meanwhile, however large the chunks are.
 *
 * The fs-verity digest is the SHA-256 of a descriptor of 256 bytes, which names the size and the root of a Merkle tree
 * with SHA-256, blocks of 4096 bytes and no salt. Source: `Documentation/filesystems/fsverity.rst` of the Linux
 * kernel, sections "Merkle tree" and "fs-verity descriptor".
 *
 * @param chunks the file's bytes in order, cut anywhere
 */
export async function fsVerityDigest(chunks: AsyncIterable<Uint8Array>): Promise<FileDigests> {
  const whole = createHash('sha256');
  const tree = new MerkleRoot();
  const rest = Buffer.alloc(blockSize);
  let size = 0;
  for await (const chunk of chunks)
    for (let start = 0; start < chunk.length; start += turn) {
      const part = chunk.subarray(start, start + turn);
      whole.update(part);
      addBlocks(tree, rest, size % blockSize, part);
      const turns = Math.floor(size / turn);
      size += part.length;
      if (Math.floor(size / turn) > turns) await setImmediate();
    }
  const held = size % blockSize;
  if (held > 0) tree.add(rest.fill(0, held));
  return {
    sha256: whole.digest('hex'),
    fsverity: hash('sha256', descriptor(size, tree.end()), 'hex'),
    size,
  };
}

/**
 * Adds the blocks that a part completes, and puts what is over into `rest`.
 *
 * @param held how many bytes of the block that has begun are in `rest`
 */
function addBlocks(tree: MerkleRoot, rest: Buffer, held: number, part: Uint8Array): void {
  let start = 0;
  if (held > 0) {
    start = Math.min(blockSize - held, part.length);
    rest.set(part.subarray(0, start), held);
    if (held + start < blockSize) return;
    tree.add(rest);
  }
  for (; start + blockSize <= part.length; start += blockSize)
    tree.add(part.subarray(start, start + blockSize));
  rest.set(part.subarray(start));
}

/** The kernel's `struct fsverity_descriptor`; what is not set is zero: no salt, no signature. */
function descriptor(size: number, root: Buffer): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.writeUInt8(1, 0); // version
  bytes.writeUInt8(1, 1); // algorithm: SHA-256
  bytes.writeUInt8(Math.log2(blockSize), 2);
  bytes.writeBigUInt64LE(BigInt(size), 8);
  root.copy(bytes, 16);
  return bytes;
}
