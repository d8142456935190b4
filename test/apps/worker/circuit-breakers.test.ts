import type { AddressInfo } from 'node:net';
import { createServer, type Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CircuitBreakers } from '../../../apps/worker/circuit-breakers.js';
import { HeptadError } from '../../../libs/protocol/errors.js';

/** A dependency that can be away and come back: a real port on loopback. */
class Dependency {
  calls = 0;
  private server: Server | undefined;
  private port = 0;

  async up(): Promise<void> {
    const server = createServer((socket) => socket.end('here'));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  call = async (): Promise<string> => {
    this.calls += 1;
    return await new Promise((resolve, reject) => {
      const socket = new Socket();
      socket.once('data', (data) => resolve(data.toString()));
      socket.once('error', (cause) => reject(new HeptadError('DependencyUnreachable', undefined, { cause })));
      socket.connect(this.port, '127.0.0.1');
    });
  };
}

describe('a circuit breaker', () => {
  const dependency = new Dependency();
  let transitions: string[];
  let breakers: CircuitBreakers;
  const guarded = (): Promise<string> => breakers.guard('it', dependency.call);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    transitions = [];
    dependency.calls = 0;
    breakers = new CircuitBreakers({ openMs: 10_000, onTransition: (_, state) => transitions.push(state) });
    await dependency.up();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await dependency.down();
  });

  const failThreeTimes = async (): Promise<void> => {
    await dependency.down();
    for (let call = 0; call < 3; call += 1) await expect(guarded()).rejects.toThrow(HeptadError);
  };

  test('lets calls through while it is closed', async () => {
    await expect(guarded()).resolves.toBe('here');
    expect(breakers.state('it')).toBe('closed');
  });

  test('opens after three failures in a row and then does not call the dependency', async () => {
    await failThreeTimes();
    await expect(guarded()).rejects.toMatchObject({
      type: 'CircuitOpen',
      nonRetryable: false,
      nextRetryDelay: 10_000,
    });
    expect(dependency.calls).toBe(3);
    expect(breakers.state('it')).toBe('open');
  });

  test('says when to come back, less and less as time goes by', async () => {
    await failThreeTimes();
    vi.advanceTimersByTime(6_000);
    await expect(guarded()).rejects.toMatchObject({ nextRetryDelay: 4_000 });
  });

  test('lets one call through after its time, and closes when the dependency is back', async () => {
    await failThreeTimes();
    await dependency.up();
    vi.advanceTimersByTime(10_001);
    await expect(guarded()).resolves.toBe('here');
    expect(transitions).toEqual(['open', 'half-open', 'closed']);
    await expect(guarded()).resolves.toBe('here');
  });

  test('opens again when the dependency is still away', async () => {
    await failThreeTimes();
    vi.advanceTimersByTime(10_001);
    await expect(guarded()).rejects.toThrow(HeptadError);
    await expect(guarded()).rejects.toMatchObject({ type: 'CircuitOpen' });
    expect(transitions).toEqual(['open', 'half-open', 'open']);
    expect(dependency.calls).toBe(4);
  });

  test('does not count a negative answer of a dependency that was reached', async () => {
    const negative = (): Promise<never> => Promise.reject(new HeptadError('NoTests'));
    for (let call = 0; call < 5; call += 1)
      await expect(breakers.guard('it', negative)).rejects.toThrow(HeptadError);
    expect(breakers.state('it')).toBe('closed');
  });

  test('keeps one dependency apart from another', async () => {
    await failThreeTimes();
    await expect(breakers.guard('other', async () => 'fine')).resolves.toBe('fine');
  });
});
