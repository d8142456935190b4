import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { executionSchema } from '../../libs/contracts/phase.js';
import { infrastructureReportSchema } from '../../libs/contracts/reports/infrastructure.js';
import type { RunView } from '../../libs/contracts/run.js';
import { leftovers, nothingLeft } from '../support/leftovers.js';
import { LiveStack } from '../support/live-stack.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start();
});
afterAll(() => stack.remove());

const failuresSchema = z.object({
  events: z.array(
    z.object({
      activityTaskFailedEventAttributes: z.object({ failure: z.object({ message: z.string() }) }).optional(),
    }),
  ),
});

interface Ended extends SealedRun {
  readonly view: RunView;
}

async function ended(run: string): Promise<Ended> {
  const begun = Date.now();
  const view = await stack.untilSealed(run);
  const sealed = await sealedRun(stack, run);
  console.log(
    `${view.subject}: ${view.state} with ${view.failure?.code ?? 'no code'} after ${((Date.now() - begun) / 1000).toFixed(1)} s`,
  );
  return { view, ...sealed };
}

/** A run that failed is sealed whole: it was concluded, every attempt's end is known, and nothing is left of it. */
async function expectAccountedFor({ seal, records, attempts }: Ended): Promise<void> {
  expect(seal).toMatchObject({ by: 'conclude', failure: expect.anything(), packageManifest: null });
  expect(records.at(-1)?.phase).toBe('conclude');
  expect(attempts.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
  expect(await leftovers(stack)).toEqual(nothingLeft);
}

/** A subject whose tests are one file with this body. */
const subjectThat = (name: string, body: string): Promise<string> =>
  stack.subject(name, { 'test/tiny.test.js': body });

const item = ({ view }: Ended, id: string) => view.items?.find((one) => one.id === id);

describe('a package that cannot be had', () => {
  test('that does not exist ends the run with PackageUnknown', async () => {
    const run = await ended(await stack.review('npm:@heptad-nowhere/no-such-package@1.0.0'));
    expect(run.seal.failure?.code).toBe('PackageUnknown');
    expect(run.records.map(({ phase }) => phase)).toEqual(['ingest', 'conclude']);
    await expectAccountedFor(run);
  });

  test('whose bytes are others than those named ends the run with IntegrityMismatch', async () => {
    const wrong = `sha512-${Buffer.alloc(64).toString('base64')}`;
    const run = await ended(await stack.review(`npm:ejs@1.0.0#${wrong}`));
    expect(run.seal.failure?.code).toBe('IntegrityMismatch');
    await expectAccountedFor(run);
  });
});

describe('a subject without tests that can be run', () => {
  test('ends the run with NoTests where it names no command', async () => {
    const subject = await stack.subject('no-command', {
      'package.json': '{"name":"tiny","version":"1.0.0"}',
    });
    const run = await ended(await stack.review(subject));
    expect(run.seal.failure?.code).toBe('NoTests');
    expect(run.records.map(({ phase }) => phase)).toEqual(['ingest', 'assign', 'conclude']);
    await expectAccountedFor(run);
  });

  test('ends the run where its command reports no test', async () => {
    const run = await ended(
      await stack.review(await stack.subject('no-report'), { command: 'node index.js' }),
    );
    expect(item(run, 'infrastructure')).toMatchObject({ status: 'failed', code: 'NoTests' });
    expect(run.seal.failure?.code).toBe('Blocked');
    await expectAccountedFor(run);
  });
});

describe('a subject that changes while it is captured', () => {
  test('ends the run with SubjectUnstable where it goes on changing', async () => {
    // Large enough that the programs are at work before all of it has been read.
    const subject = await stack.subject('changing', { 'data/large.txt': 'large\n'.repeat(8 << 20) });
    const id = await stack.review(subject);
    // Only now, because the edge looks at the folder, too. Several programs, so that one of them is always at it.
    const changing = ['a', 'b', 'c', 'd'].map((name) =>
      spawn('/bin/sh', ['-c', 'while :; do echo more >>"$0"; done', join(subject, 'lib', `${name}.js`)]),
    );
    const run = await ended(id).finally(async () => {
      for (const program of changing) program.kill('SIGKILL');
      await Promise.all(changing.map((program) => once(program, 'exit')));
    });
    expect(run.seal.failure?.code).toBe('SubjectUnstable');
    await expectAccountedFor(run);
  });
});

describe('a subject whose tests are hostile', () => {
  /** What the tests do, in one or two lines, and the limit that ends it. */
  const hostile = {
    'run for ever': { body: 'for (;;) {}', limit: /still running after 2000 ms/, seconds: 2 },
    'fork without end': {
      body: "const { spawn } = require('node:child_process'); (function fork() { for (let n = 0; n < 20; n += 1) spawn('/bin/sh', ['-c', 'sleep 600 & sleep 600 & wait'], { detached: true, stdio: 'ignore' }).on('error', () => {}); setTimeout(fork, 10); })();",
      limit: /limit "processes"/,
      seconds: 60,
    },
    'fill the disk': {
      body: "const fs = require('node:fs'); for (let n = 0; ; n += 1) fs.writeFileSync('/outputs/' + n, Buffer.alloc(64 << 20, 1));",
      limit: /limit "disk"/,
      seconds: 60,
    },
    'fill the memory': {
      body: 'const kept = []; for (;;) kept.push(Buffer.alloc(64 << 20, 1));',
      limit: /limit "memory"/,
      seconds: 60,
    },
  };

  test.each(Object.entries(hostile))(
    '%s: the sandbox ends them, the run ends blocked',
    async (name, { body, limit, seconds }) => {
      const subject = await subjectThat(name.replaceAll(' ', '-'), body);
      const run = await ended(
        await stack.review(subject, { command: 'node --test --test-isolation=none', seconds }),
      );
      expect(item(run, 'infrastructure')).toMatchObject({ status: 'failed', code: 'SandboxLimit' });
      expect(run.seal.failure?.code).toBe('Blocked');
      await expectAccountedFor(run);
      expect(await messages(run)).toEqual([expect.stringMatching(limit), expect.stringMatching(limit)]);
    },
  );

  /** What the activities of execute failed with, from their histories in the seal. */
  async function messages({ seal }: Ended): Promise<string[]> {
    const execute = seal.histories.find(({ type }) => type === 'execute');
    if (!execute) return [];
    const { events } = await stack.store.getJson(execute.history.digest, failuresSchema);
    return events.flatMap(({ activityTaskFailedEventAttributes: failed }) => failed?.failure.message ?? []);
  }
});

describe('a subject whose tests reach out', () => {
  test('gets nowhere: its tests fail, and what they wanted to reach was not touched', async () => {
    let reached = 0;
    const server = createServer((socket) => {
      reached += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outside = join(stack.root, 'outside.txt');
    const subject = await subjectThat(
      'reaching-out',
      `const { it } = require('node:test');
      const fs = require('node:fs');
      const net = require('node:net');
      const connect = (host, port) => new Promise((resolve, reject) => net.connect(port, host, resolve).on('error', reject));
      const write = (path) => { fs.mkdirSync(require('node:path').dirname(path), { recursive: true }); fs.writeFileSync(path, 'x'); };
      it('works', () => {});
      it('reads the host', () => fs.readFileSync('/etc/hostname'));
      it('reads the data', () => fs.readdirSync(${JSON.stringify(stack.config.data)}));
      it('writes into the system', () => write('/usr/escaped'));
      it('writes into the subject', () => write('/subject/package/escaped'));
      it('connects to this machine', () => connect('127.0.0.1', ${port}));
      it('connects to another one', () => connect('192.0.2.1', 80));
      it('writes where the host has a folder', () => { write(${JSON.stringify(outside)}); });`,
    );
    const before = await readdir(subject, { recursive: true });
    const run = await ended(await stack.review(subject));
    server.close();

    const executed = run.records.find(({ phase }) => phase === 'execute')?.output;
    if (!executed) throw new Error('The phase execute has no outcome.');
    const { results } = await stack.store.getJson(executed, executionSchema);
    const report = results.find((result) => result.item === 'infrastructure')?.outcome;
    if (!report) throw new Error('There is no baseline.');
    const { baseline } = await stack.store.getJson(report.digest, infrastructureReportSchema);
    const verdicts = Object.fromEntries(baseline.tests.map((one) => [one.name, one.verdict]));
    console.log(verdicts);
    expect(verdicts).toMatchObject({
      works: 'pass',
      'reads the host': 'fail',
      'reads the data': 'fail',
      'writes into the system': 'fail',
      'writes into the subject': 'fail',
      'connects to this machine': 'fail',
      'connects to another one': 'fail',
    });
    expect(reached).toBe(0);
    await expect(readFile(outside)).rejects.toThrow('ENOENT');
    await expect(readFile('/usr/escaped')).rejects.toThrow('ENOENT');
    expect(await readdir(subject, { recursive: true })).toEqual(before);
    expect(await leftovers(stack)).toEqual(nothingLeft);
  });
});
