import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../libs/telemetry/logger.js';

/**
 * Connects as soon as the server answers. At boot the SDK's connect rejects at once where nothing listens, and only
 * later it reconnects by itself, so this first connection is tried until it stands; the log says so.
 */
export async function connectPatiently<T>(
  connect: () => Promise<T>,
  address: string,
  logger: Logger,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await connect();
    } catch (error) {
      const message = `The Temporal server at ${address} does not answer; trying again every second.`;
      if (tries % 10 === 1) logger.warn({ err: error, tries }, message);
      await wait(1000);
    }
  }
}
