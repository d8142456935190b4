import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import type { Config } from '../config/config.js';
import { HeptadError } from '../protocol/errors.js';

/** gRPC codes by which a server that is away, starting or overloaded is told from one that says no. */
const unreachable = new Set([1, 4, 8, 14]);

/** How long one call may take, in milliseconds. */
const callTimeout = 5000;

/**
 * A page of a history holds whole workflow tasks, of which each may be as large as a message: hundreds of items that
 * start at once make it larger than gRPC takes by default. Bytes.
 */
const channelArgs = { 'grpc.max_receive_message_length': 256 * 1024 * 1024 };

/** A connection to the Temporal server, and a client of the configured namespace. */
export class Engine {
  readonly client: Client;

  constructor(
    readonly connection: Connection,
    /** `host:port`. */
    readonly address: string,
    readonly namespace: string,
  ) {
    this.client = new Client({ connection, namespace });
  }

  /**
   * Makes calls to the server, all together within `timeout` milliseconds.
   *
   * @throws HeptadError `EngineUnreachable` where it did not answer in time
   */
  async call<T>(work: () => Promise<T>, timeout = callTimeout): Promise<T> {
    try {
      return await this.connection.withDeadline(Date.now() + timeout, work);
    } catch (error) {
      if (isUnreachable(error)) throw engineUnreachable(this.address, error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/**
 * Connects to the Temporal server of the configuration.
 *
 * @throws HeptadError `EngineUnreachable` where it does not answer within `timeout` milliseconds (default 10 s)
 */
export async function connect(config: Pick<Config, 'temporal'>, timeout = 10_000): Promise<Engine> {
  const { address, namespace } = config.temporal;
  try {
    return new Engine(
      await Connection.connect({ address, connectTimeout: timeout, channelArgs }),
      address,
      namespace,
    );
  } catch (error) {
    throw engineUnreachable(address, error);
  }
}

/** An engine that connects at its first call, for what must be able to start before the server has. */
export function connectLazily(config: Pick<Config, 'temporal'>): Engine {
  const { address, namespace } = config.temporal;
  return new Engine(Connection.lazy({ address, channelArgs }), address, namespace);
}

const engineUnreachable = (address: string, cause: unknown): HeptadError =>
  new HeptadError(
    'EngineUnreachable',
    `The Temporal server at ${address} does not answer. Start the stack with \`npm start\`, or name a server that runs by HEPTAD_TEMPORAL_ADDRESS.`,
    { cause },
  );

/** Whether a call failed because the server could not be reached or did not answer in time. */
function isUnreachable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (isGrpcServiceError(cause)) return unreachable.has(cause.code);
  return false;
}
