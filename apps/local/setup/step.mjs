import { stderr } from 'node:process';

/**
 * Does a piece of set-up and shows on standard error what it is and how long it takes: one line that ticks in a
 * terminal, plain lines elsewhere. Standard output belongs to the command.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const begun = performance.now();
  const seconds = (/** @type {number} */ digits) =>
    `${((performance.now() - begun) / 1000).toFixed(digits)} s`;
  if (!stderr.isTTY) stderr.write(`${title} ...\n`);
  const tick = () =>
    stderr.isTTY
      ? stderr.write(`\r\u001b[K${title} ... ${seconds(0)}`)
      : stderr.write(`${title} ... ${seconds(0)}\n`);
  const ticking = setInterval(tick, stderr.isTTY ? 1_000 : 30_000);
  if (stderr.isTTY) tick();
  const end = (/** @type {string} */ how) => {
    clearInterval(ticking);
    stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${title}: ${how} ${seconds(1)}\n`);
  };
  try {
    const result = await work();
    end('done in');
    return result;
  } catch (error) {
    end('failed after');
    throw error;
  }
}

/**
 * Says a line on standard error.
 *
 * @param {string} line
 */
export function say(line) {
  stderr.write(`${line}\n`);
}
