import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of one report that are counted in one look. */
const mostBytes = 1024 * 1024;

/** Reports that grow by a line with each test. */
const growing = /^(mocha|node|jasmine)-\d+\.jsonl$/;

/** Counts the tests that runners have reported so far; each look reads on where the one before ended. */
export class ReportedTests {
  readonly #read = new Map<string, number>();
  #lines = 0;

  /** @param folder where the runners report */
  constructor(private readonly folder: string) {}

  count(): number {
    for (const name of readdirSync(this.folder).filter((file) => growing.test(file))) this.#readOn(name);
    return this.#lines;
  }

  #readOn(name: string): void {
    const from = this.#read.get(name) ?? 0;
    const bytes = Buffer.alloc(mostBytes);
    const file = openSync(join(this.folder, name), 'r');
    try {
      const length = readSync(file, bytes, 0, mostBytes, from);
      this.#read.set(name, from + length);
      for (const byte of bytes.subarray(0, length)) if (byte === newline) this.#lines += 1;
    } finally {
      closeSync(file);
    }
  }
}

const newline = '\n'.charCodeAt(0);
