import type { Readable } from 'node:stream';

/** A program that writes this many times what is kept is flooding, and is ended. */
const floodFactor = 16;

/** Keeps the first bytes of both outputs, and reads the rest away so that the program is not blocked by it. */
export class KeptOutput {
  private readonly chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  private written = 0;

  constructor(
    private readonly limit: number,
    private readonly on: { readonly activity: () => void; readonly flood: () => void },
  ) {}

  take(name: 'stdout' | 'stderr', stream: Readable): void {
    stream.on('data', (chunk: Buffer) => {
      const room = this.limit - this.written;
      // a copy, so that a small rest does not keep a large buffer
      if (room > 0)
        this.chunks[name].push(chunk.length > room ? Buffer.from(chunk.subarray(0, room)) : chunk);
      this.written += chunk.length;
      this.on.activity();
      if (this.written > this.limit * floodFactor) this.on.flood();
    });
    // a pipe that breaks because the sandbox was ended has said all it will
    stream.on('error', () => undefined);
  }

  get truncated(): boolean {
    return this.written > this.limit;
  }

  get stdout(): Buffer {
    return Buffer.concat(this.chunks.stdout);
  }

  get stderr(): Buffer {
    return Buffer.concat(this.chunks.stderr);
  }
}
