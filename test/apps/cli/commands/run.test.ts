import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runViewSchema } from '../../../../libs/contracts/run.js';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad, startHeptad } from '../../../support/heptad.js';
import {
  acceptedView,
  completedView,
  failedView,
  runEvent,
  wholeScript,
} from '../../../support/run-script.js';

describe('heptad run', () => {
  const api = new ApiDouble();
  let server: string;
  let folder: string;
  const input = JSON.stringify({ subject: 'npm:ejs@1.0.0' });

  beforeEach(async () => {
    api.runs.clear();
    api.accepted.clear();
    api.requests.length = 0;
    api.token = undefined;
    api.script = (run) => wholeScript(completedView(run));
    server = await api.start();
    folder = await mkdtemp(join(tmpdir(), 'heptad-cli-'));
  });

  afterEach(async () => {
    await api.stop();
    await rm(folder, { recursive: true });
  });

  const run = (...args: string[]) => heptad(['--server', server, 'run', ...args], { cwd: folder });
  const accepted = () => [...api.accepted.values()].map(({ body }) => body);

  it('prints a line per event, how the run ended and where the package is, and exits with 0', async () => {
    const { code, out, err } = await run('repository-review', '--input', input);
    expect(out.trimEnd().split('\n')).toEqual([
      'Run r1 is accepted.',
      '2026-01-01T12:00:01.000Z  run                       The run started.',
      '2026-01-01T12:00:02.000Z  1-ingest                  ingest started.',
      '2026-01-01T12:00:03.000Z  1-ingest/captureSubject   captureSubject completed.',
      '2026-01-01T12:00:04.000Z  1-ingest                  ingest completed.',
      '2026-01-01T12:00:05.000Z  run                       The run ended.',
      'Run r1: completed, decision PROCEED, after 42.0 s.',
      'package: /data/packages/r1',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('exits with 1 and tells the code when the run fails', async () => {
    api.script = (id) => wholeScript(failedView(id));
    const { code, out } = await run('repository-review', '--input', input);
    expect(code).toBe(1);
    expect(out).toContain(
      'Run r1: failed, after 42.0 s.\nThe subject has no tests that can be run. [NoTests]\n',
    );
  });

  it('exits with 1 when the run is blocked', async () => {
    api.script = (id) => wholeScript(failedView(id, { state: 'blocked', decision: 'BLOCK' }));
    expect((await run('repository-review', '--input', input)).code).toBe(1);
  });

  it('prints the run that has ended as JSON and nothing else', async () => {
    const { out } = await run('repository-review', '--input', input, '--json');
    expect(runViewSchema.parse(JSON.parse(out)).state).toBe('completed');
  });

  it('ends at once with --detach, with what was accepted', async () => {
    api.script = (id) => ({ view: acceptedView(id), events: [], artifacts: [] });
    const { code, out } = await run('repository-review', '--input', input, '--detach', '--json');
    expect(JSON.parse(out)).toEqual({ id: 'r1', state: 'running', self: '/v1/runs/r1' });
    expect(code).toBe(0);
  });

  it('sends several words as a sentence', async () => {
    await run('review npm:ejs@1.0.0 and fix what is wrong', '--detach');
    await run('review', 'npm:uuid@3.0.1', 'with', 'tests', 'mocha test/test.js', '--detach');
    expect(accepted()).toEqual([
      { request: 'review npm:ejs@1.0.0 and fix what is wrong' },
      { request: 'review npm:uuid@3.0.1 with tests "mocha test/test.js"' },
    ]);
  });

  it('reads the input from a file or from standard input', async () => {
    await writeFile(join(folder, 'input.json'), `\uFEFF${input}`);
    await run('repository-review', '--input-file', 'input.json', '--detach');
    const args = ['--server', server, 'run', 'repository-review', '--input-file', '-', '--detach'];
    await heptad(args, { cwd: folder, input });
    const sent = { template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } };
    expect(accepted()).toEqual([sent, sent]);
  });

  it('takes a folder relative to where the command was typed, also when npm changed the folder', async () => {
    await run('repository-review', '--input', '{"subject":"./library"}', '--detach');
    await run('review ../library and fix it', '--detach');
    await heptad(['--server', server, 'run', 'repository-review', '--input', '{"subject":"."}', '--detach'], {
      cwd: folder,
      env: { INIT_CWD: '/home/somebody' },
    });
    expect(accepted()).toEqual([
      { template: 'repository-review', input: { subject: join(folder, 'library') } },
      { request: `review "${join(folder, '../library')}" and fix it` },
      { template: 'repository-review', input: { subject: '/home/somebody' } },
    ]);
  });

  it('gives the same run for the same key, and refuses the key for another request', async () => {
    const again = ['repository-review', '--input', input, '--detach', '--json', '--key', 'mine'];
    expect((await run(...again)).out).toBe((await run(...again)).out);
    const { code, err } = await run('review npm:uuid@3.0.1', '--detach', '--key', 'mine');
    expect(code).toBe(1);
    expect(err).toBe('The Idempotency-Key was used before with another body. [IdempotencyKeyReused]\n');
  });

  it('lists every problem of an input that the service refuses, and exits with 2', async () => {
    const { code, out, err } = await run('repository-review');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      'The input does not match what is expected. [InputInvalid]\n' +
        "  /input: It must have the property 'subject'.\n" +
        "  /input/test: It must have the property 'command'.\n",
    );
  });

  it('tells an error as JSON too where standard output is for machines', async () => {
    const { code, out } = await run('unknown-template', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'TemplateUnknown', message: 'No template is called unknown-template.', problems: [] },
    });
  });

  it.each([
    ['{\n  "subject": "x",\n}', 'input.json:2:17: JSON does not support trailing commas.'],
    ['{"a": tru}', 'input.json:1:7: Unexpected "tru" in JSON.'],
    ['', 'input.json:1:1: Unexpected end of file in JSON.'],
  ])('tells line and column of what is no JSON: %j', async (content, problem) => {
    await writeFile(join(folder, 'input.json'), content);
    const { code, err } = await run('repository-review', '--input-file', 'input.json');
    expect(code).toBe(2);
    expect(err).toBe(`The input is not valid JSON. [JsonInvalid]\n  ${problem}\n`);
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['a file that does not exist', ['repository-review', '--input-file', 'none.json'], '--input-file: '],
    [
      'two inputs',
      ['repository-review', '--input-file', 'a', '--input', '{}'],
      '--input: Give the input once',
    ],
    ['a sentence with an input', ['review this', '--input', '{}'], '--input: An input belongs to a template'],
    ['an input that is no object', ['repository-review', '--input', '[]'], "--input: A template's input is"],
  ])('refuses %s before anything is sent', async (_, args, problem) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(`[UsageInvalid]\n  ${problem}`);
    expect(api.requests).toEqual([]);
  });

  it('refuses a sentence that is not understood, with exit code 2', async () => {
    const { code, err } = await run('make everything better');
    expect(code).toBe(2);
    expect(err).toContain('[RequestNotUnderstood]');
  });

  it('leaves the run alone when it is interrupted, and says how to go on', async () => {
    api.script = (id) => ({ view: acceptedView(id), events: [runEvent(1)], artifacts: [] });
    const command = startHeptad(['--server', server, 'run', 'repository-review', '--input', input]);
    await vi.waitFor(() => expect(command.out()).toContain('event 1 happened'), 20_000);
    command.signal('SIGINT');
    const { code, err } = await command.ended;
    expect(code).toBe(130);
    expect(err).toContain('The run goes on. See it again with `heptad watch r1`');
    expect(api.requests.some(({ route }) => route.includes('cancel'))).toBe(false);
  });

  it('sends the token of the environment, and says where it comes from when it is refused', async () => {
    api.token = 'a-token-of-the-service';
    const args = ['--server', server, 'run', 'repository-review', '--input', input, '--detach'];
    const refused = await heptad(args);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('HEPTAD_API_TOKEN. [Unauthorized]');
    expect((await heptad(args, { env: { HEPTAD_API_TOKEN: api.token } })).code).toBe(0);
  });
});
