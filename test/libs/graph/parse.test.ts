import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { templateItemSchema } from '../../../libs/contracts/template.js';
import { templateSchema } from '../../../libs/contracts/template.js';
import { compileGraph } from '../../../libs/graph/parse.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { agent } from './graphs.js';

const item = (id: string, change: Partial<z.input<typeof templateItemSchema>> = {}): unknown => ({
  id,
  title: id,
  category: 'analysis',
  work: { kind: 'agent', capability: `do.${id}` },
  done: { says: 'Done.', expression: 'EXISTS result.kind' },
  expects: 'code',
  ...change,
});

const template = (items: readonly unknown[], change: object = {}) =>
  templateSchema.parse({
    name: 'sample',
    version: '1.0.0',
    title: 'Sample',
    description: 'A sample.',
    input: { type: 'object' },
    fitness: { findings: 1, complexity: 0, size: 0, verification: 0 },
    items,
    ...change,
  });

const problemsOf = (items: readonly unknown[], change: object = {}): string[] => {
  try {
    compileGraph(template(items, change), {});
  } catch (error) {
    if (error instanceof HeptadError) return error.problems.map(({ path, reason }) => `${path} ${reason}`);
    throw error;
  }
  return [];
};

describe('compiling a template', () => {
  const candidates = { A: { capability: 'way.one' }, B: { capability: 'way.two' } };

  it('makes one item per candidate, and one per candidate for what is for each', () => {
    const agents = Object.fromEntries(
      ['base', 'improve-a', 'improve-b', 'check-a', 'check-b'].map((id) => [id, [agent(`${id}-agent`)]]),
    );
    const graph = compileGraph(
      template(
        [
          item('base', { timeout: '90s' }),
          item('improve', { candidates, depends_on: ['base'] }),
          item('check', { each: 'improve', depends_on: ['base'] }),
          item('end', { work: { kind: 'consolidation' }, depends_on: ['check', 'improve'] }),
        ],
        { parallel: 7, repairs: 2 },
      ),
      agents,
    );
    expect(graph).toMatchObject({ parallel: 7, repairs: 2 });
    expect(
      graph.items.map(({ id, after, workspace, candidate, body }) => ({
        id,
        after,
        workspace,
        candidate,
        body,
      })),
    ).toEqual([
      { id: 'base', after: [], workspace: null, candidate: null, body: 'base' },
      { id: 'improve-a', after: ['base'], workspace: null, candidate: 'A', body: 'improve' },
      { id: 'improve-b', after: ['base'], workspace: null, candidate: 'B', body: 'improve' },
      { id: 'check-a', after: ['improve-a', 'base'], workspace: 'improve-a', candidate: 'A', body: 'check' },
      { id: 'check-b', after: ['improve-b', 'base'], workspace: 'improve-b', candidate: 'B', body: 'check' },
      {
        id: 'end',
        after: ['check-a', 'check-b', 'improve-a', 'improve-b'],
        workspace: null,
        candidate: null,
        body: 'end',
      },
    ]);
    expect(graph.items[0]).toMatchObject({ timeoutMs: 90_000, agents: [agent('base-agent')] });
    expect(graph.items[5]).toMatchObject({ kind: 'consolidation', agents: [] });
    expect(graph.items.every((one) => !('capability' in one))).toBe(true);
  });

  it('refuses ids that only become the same when candidates are expanded', () => {
    expect(problemsOf([item('improve', { candidates }), item('improve-b')])).toEqual([
      '/items There is another item with the id improve-b.',
    ]);
  });

  it('says which items have no agent', () => {
    expect(() => compileGraph(template([item('a'), item('b')]), { a: [agent('one')] })).toThrow(
      expect.objectContaining({
        code: 'NoAgent',
        problems: [{ path: '/b', reason: expect.stringContaining('do.b') }],
      }),
    );
  });
});
