import { expect, test } from 'vitest';
import type { Execution } from '../../../libs/contracts/phase.js';
import { readGround } from '../../../libs/merge/ground.js';
import { collect } from '../../../libs/synthesis/collect.js';
import { readResults } from '../../../libs/synthesis/read-results.js';
import { bestOf, standings } from '../../../libs/synthesis/standings.js';
import { smallRun } from '../../support/small-run.js';

test('of a candidate on which items work one after the other, what the last handed back is crossed', async () => {
  const small = await smallRun();
  const { store, execution, template, judgement, refs, run } = small;
  const resultOf = (id: string) => {
    const found = execution.results.find(({ item }) => item === id);
    if (!found) throw new Error(`There is no result of ${id}.`);
    return found;
  };
  // Candidate A is gone on with, to what B is; its validation is of that.
  const refined = { ...resultOf('improve-a'), item: 'refine-a', workspace: resultOf('improve-b').workspace };
  const items = execution.graph.items.flatMap((item) => {
    if (item.id === 'validate-a')
      return [{ ...item, workspace: 'refine-a', after: [...item.after, 'refine-a'] }];
    const refine = { ...item, id: 'refine-a', workspace: 'improve-a', after: [...item.after, 'improve-a'] };
    return item.id === 'improve-a' ? [item, refine] : [item];
  });
  const chained: Execution = {
    ...execution,
    graph: { ...execution.graph, items },
    results: [...execution.results, refined],
  };
  const { inputs } = collect(await readResults(store, chained.results, items, template));
  const all = standings(inputs, template.fitness, new Map());
  const judged = { ...judgement, standings: all, best: bestOf(all)?.candidate ?? null };
  const ground = await readGround(store, {
    run,
    accepted: refs.accepted,
    assignment: refs.assignment,
    executed: await store.putJson(chained),
    judged: await store.putJson(judged),
  });
  expect(ground.parents.map(({ item, eligible, workspace }) => [item, eligible, workspace])).toEqual([
    ['refine-a', true, refined.workspace],
    ['improve-b', false, resultOf('improve-b').workspace],
  ]);
  expect(ground.validators.map(({ item }) => item.body)).toEqual(['validate']);
});
