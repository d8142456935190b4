import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port.js';
import { heptad } from '../../support/heptad.js';

describe('heptad', () => {
  it.each([
    ['an unknown command', ['fly'], "Unknown command 'fly'."],
    ['an unknown option', ['runs', '--fast'], "Unknown option '--fast'."],
    ['a missing argument', ['show'], "Missing required argument 'run'."],
    ['a superfluous argument', ['show', 'a', 'b'], 'Too many arguments for'],
    ['a number out of bounds', ['runs', '--limit', '0'], 'Expected a whole number from 1 to 200.'],
    ['a state that there is not', ['runs', '--state', 'asleep'], 'Allowed choices are running,'],
    ['no command', [], 'No command was given.'],
    ['an address that is none', ['--server', 'localhost', 'runs'], '--server: Expected a URL'],
    ['an address with credentials', ['--server', 'http://a:b@localhost', 'runs'], '--server: Expected a URL'],
  ])('refuses %s with exit code 2', async (_, args, says) => {
    const { code, out, err } = await heptad(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err).toContain('[UsageInvalid]');
  });

  it('keeps standard output JSON when the command line is wrong', async () => {
    const { code, out } = await heptad(['--json', 'fly']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'UsageInvalid', message: "Unknown command 'fly'.", problems: [] },
    });
  });

  it('prints help with exit code 0, for a command too', async () => {
    const { code, out } = await heptad(['--help']);
    expect(code).toBe(0);
    const commands = [
      'demo',
      'up',
      'doctor',
      'run',
      'runs',
      'show',
      'watch',
      'logs',
      'pause',
      'resume',
      'cancel',
    ];
    for (const name of [...commands, 'templates', 'agents', 'gc'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect((await heptad(['help', 'run'])).out).toContain('--input-file <file>');
  });

  it.each([
    ['runs'],
    ['show', 'r1'],
    ['watch', 'r1'],
    ['pause', 'r1'],
    ['templates'],
    ['agents'],
    ['gc', '--yes'],
    ['run', 'repository-review', '--detach'],
  ])('names the address and what to do, with exit code 3, where nothing answers: %s', async (...args) => {
    const port = await freePort();
    const { code, out, err } = await heptad(args, { env: { HEPTAD_API_PORT: String(port) } });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(`The Heptad service does not answer at http://127.0.0.1:${port}: `);
    expect(err).toContain('`npm start`');
    expect(err).toContain('[ApiUnreachable]');
  });

  it('says by which key a run can be asked for again where no answer came', async () => {
    const { err } = await heptad([
      '--server',
      `http://127.0.0.1:${await freePort()}`,
      'run',
      'x',
      '--key',
      'mine',
    ]);
    expect(err).toContain('do it again with --key mine');
  });

  it('sees that what answers is another program', async () => {
    const other = createServer((_, response) => response.writeHead(404).end('<html></html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await heptad(['--server', `http://127.0.0.1:${port}`, 'runs']);
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(3);
    expect(err).toContain('is not this version of the Heptad service: HTTP 404');
  });

  it('lists every setting that is not valid', async () => {
    const { code, err } = await heptad(['runs'], { env: { HEPTAD_API_PORT: 'x', HEPTAD_LOG_LEVEL: 'loud' } });
    expect(code).toBe(1);
    expect(err).toContain('HEPTAD_API_PORT: ');
    expect(err).toContain('HEPTAD_LOG_LEVEL: ');
    expect(err).toContain('[ConfigurationInvalid]');
  });
});
