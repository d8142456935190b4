import { createServer } from 'node:net';

/**
 * Below the ports from which systems take those of outgoing connections. One of these could be taken by a client that
 * tries to reach a killed server, and then the server could not come back.
 */
const first = 20_000;
const count = 12_000;

// Test files that run side by side begin at different places.
let next = (process.pid * 97) % count;

/** A port of 127.0.0.1 that is free now, another one at each call. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < count; tried += 1) {
    const port = first + next;
    next = (next + 1) % count;
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${first} on is free.`);
}

/** Whether nobody listens on a port of 127.0.0.1. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
