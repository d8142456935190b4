import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../../../libs/telemetry/logger.js';
import { heptad } from '../../../support/heptad.js';

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'heptad-cli-'));
  await mkdir(join(data, 'logs'));
});

afterEach(() => rm(data, { recursive: true }));

const logs = (...args: string[]) => heptad(['logs', ...args], { env: { HEPTAD_DATA: data } });
const line = (second: number, name: string, fields: object) =>
  JSON.stringify({
    level: 'info',
    time: `2026-01-01T12:00:0${second}.000Z`,
    pid: 1,
    hostname: 'h',
    name,
    ...fields,
  });

it('prints the lines of a run from every log, by time', async () => {
  const control = [
    line(1, 'control', { run: 'r1', msg: 'first' }),
    line(3, 'control', { run: 'r1', msg: 'third' }),
  ];
  const others = [
    line(2, 'agents', { run: 'r1', msg: 'second', item: 'code', size: 3 }),
    line(2, 'agents', { run: 'r12' }),
  ];
  await writeFile(join(data, 'logs', 'control.log'), `${control.join('\n')}\n`);
  await writeFile(join(data, 'logs', 'agents.log'), `r1 is no JSON\n${others.join('\n')}\n{"run":"r1","cut`);
  const { code, out } = await logs('r1');
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    '2026-01-01T12:00:01.000Z  info   control         first',
    '2026-01-01T12:00:02.000Z  info   agents          second item=code size=3',
    '2026-01-01T12:00:03.000Z  info   control         third',
    '',
  ]);
});

it('reads what the services write', async () => {
  const logger = createLogger({ name: 'control', config: { data, logLevel: 'info' } });
  logger.child({ run: 'r1' }).warn({ token: 'hush' }, 'careful');
  const { lines } = JSON.parse((await logs('r1', '--json')).out);
  expect(lines).toMatchObject([
    { level: 'warn', name: 'control', run: 'r1', msg: 'careful', token: '[redacted]' },
  ]);
});

it('says where it looked when no line names the run', async () => {
  const { code, out, err } = await logs('r9');
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toBe(`No line in ${join(data, 'logs')} names the run r9.\n`);
  expect(JSON.parse((await logs('r9', '--json')).out)).toEqual({ lines: [] });
});
