import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger, logFile, temporalLogger } from '../../../libs/telemetry/logger.js';

describe('the log of a process', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'heptad-test-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  const lines = async (): Promise<Record<string, unknown>[]> =>
    (await readFile(logFile({ data }, 'agents'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const logger = () => createLogger({ name: 'agents', config: { data, logLevel: 'info' } });

  it('is JSON lines that carry the run', async () => {
    logger().child({ run: 'r1' }).info({ item: 'code' }, 'The item began.');
    expect(await lines()).toEqual([
      expect.objectContaining({
        level: 'info',
        name: 'agents',
        run: 'r1',
        item: 'code',
        msg: 'The item began.',
      }),
    ]);
  });

  it('is appended to by the next process of the name', async () => {
    logger().info('first');
    logger().info('second');
    expect((await lines()).map(({ msg }) => msg)).toEqual(['first', 'second']);
  });

  it('holds no secret, at whatever depth it was logged', async () => {
    const secret = 'a-token-of-some-length';
    logger().info(
      { token: secret, headers: { authorization: secret }, request: { headers: { cookie: secret } } },
      'x',
    );
    expect(JSON.stringify(await lines())).not.toContain(secret);
  });

  it('leaves out what is below its level', async () => {
    logger().debug('quiet');
    logger().warn('loud');
    expect((await lines()).map(({ msg }) => msg)).toEqual(['loud']);
  });

  it("takes Temporal's entries, with the run that their workflow belongs to", async () => {
    const error = new Error('it broke');
    temporalLogger(logger()).warn('Activity failed', { workflowId: 'run-r1/3-execute', attempt: 2n, error });
    expect(await lines()).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'Activity failed',
        run: 'r1',
        attempt: '2',
        err: expect.objectContaining({ message: 'it broke' }),
      }),
    ]);
  });
});
