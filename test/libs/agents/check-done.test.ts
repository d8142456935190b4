import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentRunOf, inputsOfItem } from '../../../libs/agents/agent-run-of.js';
import { checkDone } from '../../../libs/agents/check-done.js';
import type { DoneDefinition } from '../../../libs/contracts/template.js';
import { smallRun } from '../../support/small-run.js';
import { host } from '../sandbox/sandbox-fixture.js';

const says = 'Every page was read.';
const pages = {
  type: 'object',
  required: ['pages'],
  properties: { pages: { type: 'integer', minimum: 0 }, read: { type: 'boolean' } },
};

interface Checked {
  readonly outcome: Record<string, unknown>;
  readonly done: DoneDefinition;
  /** The schema of the template's item. Default: that of pages. */
  readonly schema?: Record<string, unknown> | null;
  /** The item whose agent hands it back. Default: one that only reads. */
  readonly id?: string;
}

/** What is said of an outcome; undefined where it is done. */
async function checked({ outcome, done, schema = pages, id = 'code' }: Checked): Promise<unknown> {
  const { store, folder, run, refs, execution } = await smallRun();
  const item = execution.graph.items.find((one) => one.id === id);
  const [agent] = item?.agents ?? [];
  if (!item || !agent) throw new Error(`Nobody does ${id}.`);
  const { accepted, assignment } = refs;
  const inputs = inputsOfItem(item, execution);
  const complete = await agentRunOf({ store, run, item, agent, accepted, assignment, ...inputs });
  const result = execution.results.find((one) => one.item === id);
  const made = {
    outcome: await store.putJson(outcome),
    measurements: await store.putJson({}),
    ...(result?.workspace ? { workspace: result.workspace } : {}),
    sandbox: {
      ...{ kind: 'wasm' as const, isolation: 'QuickJS', network: 'none' as const },
      ...{ memory: '1 MiB', time: '1 s', stack: '1 MiB' },
    },
  };
  return await checkDone({
    ...{ store, sandboxHost: host, scratch: folder, cache: join(folder, 'cache') },
    ...{ toolsFolder: join(folder, 'tools'), programsFolder: join(folder, 'programs') },
    complete: { ...complete, expected: { name: 'custom', schema }, done },
    made,
  }).catch((error: unknown) => error);
}

const holds: DoneDefinition = { says, expression: 'result.pages > 0 AND result.read == true' };

test('an outcome that keeps to its schema and meets its done definition is done', async () => {
  expect(await checked({ outcome: { pages: 2, read: true }, done: holds })).toBeUndefined();
});

test('an outcome that breaks the schema of its item is AgentFailed, with each place', async () => {
  expect(await checked({ outcome: { pages: -1, read: 'yes' }, done: holds })).toMatchObject({
    code: 'AgentFailed',
    message: expect.stringMatching(/^The outcome of agent\.code is not what code expects\./),
    problems: [expect.objectContaining({ path: '/pages' }), expect.objectContaining({ path: '/read' })],
  });
});

test('a broken schema counts before a done definition that does not hold', async () => {
  expect(await checked({ outcome: { read: false }, done: holds })).toMatchObject({ code: 'AgentFailed' });
});

test('an item without a schema of its own takes any outcome that is done', async () => {
  const outcome = { pages: 0.5, read: true };
  expect(await checked({ outcome, done: holds, schema: null })).toBeUndefined();
});

test.each<[string, DoneDefinition, RegExp]>([
  ['a condition', holds, /result\.pages > 0 AND result\.read == true does not hold: Every page was read\./],
  [
    'a condition on what is not there',
    { says, expression: 'result.words > 0' },
    /result\.words > 0 does not hold/,
  ],
  [
    'a schema',
    { says, schema: { type: 'object', properties: { read: { type: 'boolean', const: true } } } },
    /\/read: /,
  ],
  ['a command', { says, command: 'echo no pages; exit 3' }, /ended with 3: Every page was read\. no pages/],
])('a done definition that does not hold is NotDone: %s', async (_, done, why) => {
  expect(await checked({ outcome: { pages: 2, read: false }, done })).toMatchObject({
    code: 'NotDone',
    retryable: false,
    message: expect.stringMatching(new RegExp(`^code is not done\\. .*${why.source}`)),
  });
});

test('a command looks at the workspace that was handed back', async () => {
  const of = (command: string) =>
    checked({ outcome: { pages: 2 }, done: { says, command }, id: 'improve-a' });
  expect(await of("grep -q '^const ' index.js")).toBeUndefined();
  expect(await of("grep -q '^var ' index.js")).toMatchObject({ code: 'NotDone' });
});
