import { expect, test } from 'vitest';
import { readAnswer } from '../../../libs/agents/read-answer.js';
import type { SandboxEnd, SandboxOutcome } from '../../../libs/sandbox/sandbox.js';

const outcomeOf = (
  stdout: unknown,
  { ended = { kind: 'exited', code: 0 }, stderr = '' }: { ended?: SandboxEnd; stderr?: string } = {},
): SandboxOutcome => ({
  ended,
  stdout: Buffer.from(typeof stdout === 'string' ? stdout : JSON.stringify(stdout)),
  stderr: Buffer.from(stderr),
  truncated: false,
  usage: { wallMs: 1, cpuMs: null, peakMemoryBytes: null },
  inForce: {
    kind: 'process',
    isolation: 'bubblewrap 0.8.0',
    user: 'user namespace',
    memory: 'watchdog',
    processes: 'rlimit',
    disk: 'watchdog + file size limit',
    network: 'none',
  },
});
const done = (outcome: object) => ({ status: 'done', outcome });
const candidate = { kind: 'candidate', strategy: 'biome', tools: [], changed: [], left: [] };

test('an answer of the right form is taken', () => {
  expect(readAnswer('x', outcomeOf(done(candidate)), 'candidate').outcome).toEqual(candidate);
  expect(readAnswer('x', outcomeOf(done({ anything: 1 })), undefined).outcome).toEqual({ anything: 1 });
});

test.each([
  ['nothing', ''],
  ['no JSON', 'hello'],
  ['an answer and more', `${JSON.stringify(done({}))} more`],
  ['an unknown status', { status: 'perhaps' }],
  ['members that the contract does not have', { ...done({}), extra: 1 }],
  ['a report that is not of its kind', done({ ...candidate, changed: 'all' })],
])('%s is AgentFailed', (_what, stdout) => {
  expect(() => readAnswer('x', outcomeOf(stdout), undefined)).toThrow(
    expect.objectContaining({ code: 'AgentFailed' }),
  );
});

test('a report of another kind than the item asks for is AgentFailed', () => {
  expect(() => readAnswer('x', outcomeOf(done(candidate)), 'code')).toThrow(/no report of the kind code/);
});

test('an exit code and a signal are AgentFailed, with the end of standard error, printable', () => {
  const stderr = `${'x'.repeat(5000)}\u001b[31mlast words`;
  const failed = () =>
    readAnswer('x', outcomeOf(done({}), { ended: { kind: 'exited', code: 3 }, stderr }), undefined);
  expect(failed).toThrow(/exit code 3.*\[31mlast words$/);
  expect(failed).toThrow(expect.objectContaining({ message: expect.not.stringContaining('\u001b') }));
  const killed = outcomeOf('', { ended: { kind: 'signalled', signal: 'SIGSEGV' } });
  expect(() => readAnswer('x', killed, undefined)).toThrow(/SIGSEGV/);
});

test('a failed answer gives its code; one that is unknown, or that would be retried, gives AgentFailed', () => {
  const codeOf = (code: string): unknown => {
    try {
      return readAnswer('x', outcomeOf({ status: 'failed', code, message: 'why' }), undefined);
    } catch (error) {
      return error;
    }
  };
  expect(codeOf('NoTests')).toMatchObject({ code: 'NoTests', message: expect.stringContaining('why') });
  expect(codeOf('Nonsense')).toMatchObject({ code: 'AgentFailed' });
  expect(codeOf('EngineUnreachable')).toMatchObject({ code: 'AgentFailed' });
});
