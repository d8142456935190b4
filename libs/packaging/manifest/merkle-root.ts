import { hash } from 'node:crypto';

/** Bytes of a block, of data and of hashes alike. */
export const blockSize = 4096;

/** Bytes of a SHA-256. */
export const hashSize = 32;

interface Level {
  readonly block: Buffer;
  /** How many bytes of the block are hashes; never all of them, as a full block goes up at once. */
  filled: number;
}

/**
 * The root of fs-verity's Merkle tree (SHA-256, blocks of 4096 bytes, no salt), as the blocks of a file come: a block
 * of each level is the hashes of the blocks below it, and is padded with zeros where it is the last one. What it keeps
 * is one block of each level: 24 KiB for 100 TB.
 */
export class MerkleRoot {
  readonly #levels: Level[] = [];

  /** @param block the next 4096 bytes of the file, the last of them padded with zeros */
  add(block: Uint8Array): void {
    this.#push(0, block);
  }

  /** The 32 bytes of the root; zeros where no block came. Nothing can be added afterwards. */
  end(): Buffer {
    // A level that gives its last block to the one above makes this longer.
    for (let index = 0; index < this.#levels.length; index += 1) {
      const { block, filled } = this.#level(index);
      const top = index === this.#levels.length - 1;
      if (top && filled === hashSize) return block.subarray(0, hashSize);
      if (filled > 0) this.#push(index + 1, block.fill(0, filled));
    }
    return Buffer.alloc(hashSize);
  }

  #push(index: number, below: Uint8Array): void {
    const level = this.#level(index);
    level.block.set(hash('sha256', below, 'buffer'), level.filled);
    level.filled += hashSize;
    if (level.filled < blockSize) return;
    level.filled = 0;
    this.#push(index + 1, level.block);
  }

  #level(index: number): Level {
    const known = this.#levels[index];
    if (known) return known;
    const level = { block: Buffer.alloc(blockSize), filled: 0 };
    this.#levels[index] = level;
    return level;
  }
}
