import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Stack, startStack } from '../../../apps/local/stack.js';
import { type Config, readConfig } from '../../../libs/config/config.js';
import { searchAttributes } from '../../../libs/protocol/search-attributes.js';
import { freePort } from '../../support/free-port.js';

describe('the local stack', { timeout: 60_000 }, () => {
  let data: string;
  let config: Config;
  let stack: Stack | undefined;
  let other: Server | undefined;
  let said: string[];

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'heptad-test-'));
    const { HEPTAD_CACHE, XDG_CACHE_HOME, HOME, PATH } = process.env;
    config = readConfig({
      HEPTAD_CACHE,
      XDG_CACHE_HOME,
      HOME,
      PATH,
      HEPTAD_DATA: data,
      HEPTAD_TEMPORAL_PORT: String(await freePort()),
      HEPTAD_TEMPORAL_UI_PORT: String(await freePort()),
      HEPTAD_API_PORT: String(await freePort()),
      HEPTAD_ENGINE_SYNCHRONOUS: 'NORMAL',
    });
    said = [];
  });
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
    other?.close();
    other = undefined;
    await rm(data, { recursive: true });
  });

  /** Starts the engine alone. */
  const start = async (): Promise<Stack> => {
    stack = await startStack({ config, start: [], say: (line) => said.push(line) });
    return stack;
  };
  const withConnection = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await Connection.connect({ address: config.temporal.address });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  /** The processes whose command line names the data folder of this test. */
  const processes = async (): Promise<number[]> => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = pids.map(
      async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const,
    );
    return (await Promise.all(lines)).filter(([, line]) => line.includes(data)).map(([pid]) => Number(pid));
  };

  it('answers with Temporal and its Web UI on the ports that are configured', async () => {
    const { addresses } = await start();
    expect(addresses.engine).toBe(`127.0.0.1:${config.temporal.port}`);
    const page = await fetch(addresses.webUi ?? '');
    expect(await page.text()).toContain('<html');
  });

  it('keeps closed runs for 30 days and knows the search attributes', async () => {
    await start();
    await withConnection(async ({ workflowService, operatorService }) => {
      const namespace = config.temporal.namespace;
      const described = await workflowService.describeNamespace({ namespace });
      expect(Number(described.config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 3600);
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      expect(Object.keys(customAttributes ?? {})).toEqual(
        expect.arrayContaining(Object.keys(searchAttributes)),
      );
    });
  });

  it('has the runs in flight again after the engine was killed, and after the stack was stopped', async () => {
    const first = await start();
    const workflowId = 'survivor';
    await withConnection(async (connection) => {
      await new Client({ connection }).workflow.start('nobody-serves-this', {
        taskQueue: 'nobody',
        workflowId,
      });
    });
    const state = () =>
      withConnection(async (connection) => {
        const { status } = await new Client({ connection }).workflow.getHandle(workflowId).describe();
        return status.name;
      });
    await first.kill('engine');
    await expect(state()).rejects.toThrow();
    await first.restart('engine');
    expect(await state()).toBe('RUNNING');
    await first.stop();
    await start();
    expect(await state()).toBe('RUNNING');
    expect(said).toEqual([]);
  });

  it('starts the engine again where it dies by itself', async () => {
    await start();
    const engine = (await processes()).filter((pid) => pid !== process.pid);
    expect(engine.length).toBeGreaterThan(0);
    for (const pid of engine)
      if ((await readlink(`/proc/${pid}/exe`)).endsWith('/temporal')) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(said).toContain('engine answers again.'), { timeout: 30_000 });
  });

  it('leaves no process when it stops', async () => {
    const running = await start();
    expect(await processes()).not.toEqual([]);
    await running.stop();
    await vi.waitFor(async () => expect(await processes()).toEqual([]));
  });

  it('names each port that is taken and the setting that moves it, and leaves nothing running', async () => {
    other = createServer().listen(config.temporal.uiPort, '127.0.0.1');
    await once(other, 'listening');
    await expect(start()).rejects.toMatchObject({
      code: 'PortInUse',
      message: expect.stringContaining(String(config.temporal.uiPort)),
      problems: [expect.objectContaining({ path: 'HEPTAD_TEMPORAL_UI_PORT' })],
    });
    expect(await processes()).toEqual([]);
  });

  it('does not share its data folder with another stack', async () => {
    await start();
    await expect(startStack({ config, start: [] })).rejects.toMatchObject({ code: 'DataFolderInUse' });
  });

  it('starts no engine where an address of one is given, and says when that does not answer', async () => {
    config = {
      ...config,
      temporal: { ...config.temporal, external: true, address: `127.0.0.1:${await freePort()}` },
    };
    await expect(startStack({ config, start: [], engineTimeout: 1_000 })).rejects.toMatchObject({
      code: 'EngineUnreachable',
      message: expect.stringContaining(config.temporal.address),
    });
    expect(await processes()).toEqual([]);
  });

  it('says what a part printed where it does not come up, and leaves nothing running', async () => {
    const programs = {
      agents: [process.execPath, '-e', 'console.log("no sandbox"); process.exit(4)'],
    } as const;
    await expect(startStack({ config, start: ['agents'], programs })).rejects.toMatchObject({
      code: 'DependencyUnreachable',
      message: expect.stringMatching(/agents ended[\s\S]*no sandbox/),
    });
    await vi.waitFor(async () => expect(await processes()).toEqual([]));
  });
});
