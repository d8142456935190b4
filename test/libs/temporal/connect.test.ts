import { describe, expect, test } from 'vitest';
import { connect, connectLazily } from '../../../libs/temporal/connect.js';
import { freePort } from '../../support/free-port.js';

const configOf = (port: number) => ({
  temporal: {
    address: `127.0.0.1:${port}`,
    external: true,
    port: 0,
    uiPort: 0,
    namespace: 'default',
    synchronous: 'NORMAL' as const,
  },
});

describe('an engine that cannot be reached', () => {
  test('is an error that names the address and says what to do', async () => {
    const port = await freePort();
    await expect(connect(configOf(port), 300)).rejects.toMatchObject({
      code: 'EngineUnreachable',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port}.*npm start`)),
    });
  });

  test('is told by each call where the connection was to be made later', async () => {
    const engine = connectLazily(configOf(await freePort()));
    try {
      const asking = engine.call(() => engine.client.workflowService.getSystemInfo({}), 300);
      await expect(asking).rejects.toMatchObject({ code: 'EngineUnreachable' });
    } finally {
      await engine.close();
    }
  });
});
