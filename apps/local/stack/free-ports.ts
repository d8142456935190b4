import { createServer } from 'node:net';
import { HeptadError, type Problem } from '../../../libs/protocol/errors.js';
import { untilAnswered } from './answers.js';

/** A port that the stack is about to use, and the setting that moves it. */
export interface WantedPort {
  readonly host: string;
  readonly port: number;
  readonly what: string;
  readonly setting: string;
}

/**
 * Demands that ports are free. A port is given a moment, since what was killed just now may still be going.
 *
 * @throws HeptadError `PortInUse`, naming each taken port and the setting that moves it
 */
export async function demandFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const problems: Problem[] = [];
  for (const { host, port, what, setting } of wanted)
    await untilAnswered(() => listenBriefly(host, port), AbortSignal.timeout(1_500)).catch((error: Error) =>
      problems.push({
        path: setting,
        reason: `Port ${port} of ${host}, for ${what}, cannot be used (${error.message}); set ${setting} to another one.`,
      }),
    );
  if (problems.length === 0) return;
  throw new HeptadError('PortInUse', problems.map(({ reason }) => reason).join('\n'), { problems });
}

function listenBriefly(host: string, port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'EADDRINUSE' ? 'another program uses it' : error.message)),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
