import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';

/**
 * Takes a lock that the operating system holds for this process and drops with it, however it ends.
 *
 * On Linux it is a socket in the abstract namespace, which no file outlives. Elsewhere it is a socket file, taken over
 * where nobody answers on it.
 *
 * @param {string} name what is locked; the same name is the same lock for all processes of this user
 * @returns {Promise<(() => void) | undefined>} what releases it, or undefined where another process holds it
 */
export async function tryLock(name) {
  const server = createServer();
  const waiting = new Set();
  // Who waits keeps a connection open, and sees it end when the lock is free.
  server.on('connection', (socket) => {
    waiting.add(socket);
    socket.unref();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => waiting.delete(socket));
  });
  if (!(await listens(server, addressOf(name)))) return undefined;
  server.unref();
  return () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
}

/**
 * Runs some work under the lock of {@link tryLock}, after waiting for whoever holds it.
 *
 * @template T
 * @param {string} name what is locked
 * @param {() => void} onWait called once, where another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, onWait, work) {
  let release = await tryLock(name);
  if (release === undefined) onWait();
  while (release === undefined) {
    await released(addressOf(name));
    release = await tryLock(name);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** @param {string} name */
function addressOf(name) {
  const id = createHash('sha256').update(`${userInfo().uid}\n${name}`).digest('hex').slice(0, 32);
  return platform === 'linux' ? `\0heptad-${id}` : join(tmpdir(), `heptad-${id}.sock`);
}

/**
 * @param {import('node:net').Server} server
 * @param {string} address
 * @returns {Promise<boolean>}
 */
async function listens(server, address) {
  if (await attempt(server, address)) return true;
  if (address.startsWith('\0') || (await answers(address))) return false;
  unlinkSync(address);
  return attempt(server, address);
}

/**
 * @param {import('node:net').Server} server
 * @param {string} address
 * @returns {Promise<boolean>}
 */
function attempt(server, address) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen({ path: address }, () => resolve(true));
  });
}

/** @param {string} address */
function answers(address) {
  return new Promise((resolve) => {
    const socket = connect({ path: address });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** @param {string} address */
function released(address) {
  return new Promise((resolve) => {
    const socket = connect({ path: address });
    socket.on('error', () => socket.destroy());
    socket.on('close', resolve);
  });
}
