import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphItem, WorkGraph } from '../../../libs/contracts/graph.js';
import {
  type Command,
  type GraphEvent,
  type GraphState,
  initial,
  results,
  step,
  unfinished,
} from '../../../libs/graph/schedule.js';
import { agent, item, result } from './graphs.js';

const shape = fc.record({
  kind: fc.constantFrom('agent', 'agent', 'agent', 'consolidation', 'checkpoint' as const),
  before: fc.array(fc.nat(30), { maxLength: 4 }),
  candidate: fc.constantFrom(null, null, 'A', 'B', 'C'),
  worksOn: fc.boolean(),
  category: fc.constantFrom('analysis', 'implementation', 'validation' as const),
  agents: fc.integer({ min: 1, max: 3 }),
});

/** Graphs without circles: each item comes after some of those before it in a list that is then shuffled. */
const graphs: fc.Arbitrary<WorkGraph> = fc
  .record({
    shapes: fc.array(shape, { maxLength: 14 }),
    parallel: fc.integer({ min: 1, max: 5 }),
    repairs: fc.nat(3),
    turn: fc.nat(20),
  })
  .map(({ shapes, parallel, repairs, turn }) => {
    const items: GraphItem[] = [];
    for (const [index, { kind, before, candidate, worksOn, category, agents }] of shapes.entries()) {
      const after = index === 0 ? [] : [...new Set(before.map((place) => `n${place % index}`))];
      const isAgent = kind === 'agent';
      const chained = isAgent && worksOn ? (after[0] ?? null) : null;
      items.push(
        item(`n${index}`, {
          kind,
          after,
          category,
          workspace: chained,
          candidate: isAgent
            ? chained === null
              ? candidate
              : (items.find(({ id }) => id === chained)?.candidate ?? null)
            : null,
          agents: isAgent ? Array.from({ length: agents }, (_, place) => agent(`agent-${place}`)) : [],
        }),
      );
    }
    const cut = turn % (items.length + 1);
    return { items: [...items.slice(cut), ...items.slice(0, cut)], parallel, repairs };
  });

/** Which of what runs is answered next, and how. */
const answers = fc.array(
  fc.record({
    which: fc.nat(),
    how: fc.constantFrom('accepted', 'accepted', 'rejected', 'failed' as const),
    stale: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
type Answers = typeof answers extends fc.Arbitrary<infer T> ? T : never;

interface Trace {
  readonly events: readonly GraphEvent[];
  readonly states: readonly GraphState[];
  readonly commands: readonly Command[];
}

/** Plays a graph to its end; every step is watched. */
function play(
  graph: WorkGraph,
  script: Answers,
  watch: (state: GraphState, commands: readonly Command[]) => void,
): Trace {
  const events: GraphEvent[] = [];
  const states: GraphState[] = [];
  const commands: Command[] = [];
  const running: string[] = [];
  let state = initial(graph);
  const take = (event: GraphEvent): void => {
    const next = step(state, event);
    watch(next.state, next.commands);
    state = next.state;
    events.push(event);
    states.push(state);
    commands.push(...next.commands);
    for (const command of next.commands) if (command.kind === 'start') running.push(command.item.id);
  };
  take({ kind: 'begun' });
  for (let turn = 0; running.length > 0; turn += 1) {
    if (turn > 500) throw new Error('The graph does not come to an end.');
    const { which, how, stale } = script[turn % script.length] ?? { which: 0, how: 'accepted', stale: false };
    const [id = ''] = running.splice(which % running.length, 1);
    take({ kind: 'started', item: id, at: `${turn}` });
    const event: GraphEvent =
      how === 'failed'
        ? { kind: 'failed', item: id, code: 'AgentFailed', at: `${turn}` }
        : { kind: 'succeeded', item: id, result: result(id, how === 'accepted'), at: `${turn}` };
    take(event);
    const settled = state.items[id]?.status !== 'running';
    if (stale && settled) take({ ...event, kind: 'failed', item: id, code: 'OutcomeUnknown', at: 'stale' });
  }
  return { events, states, commands };
}

const last = ({ states }: Trace): GraphState => {
  const state = states.at(-1);
  if (!state) throw new Error('Nothing was played.');
  return state;
};

const settled = (state: GraphState, id: string): boolean =>
  ['completed', 'failed', 'skipped'].includes(state.items[id]?.status ?? '');

describe('whatever the graph and the order of events', () => {
  it('starts no item before everything that it depends on is settled, and no skipped one', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        play(graph, script, (state, commands) => {
          for (const command of commands) {
            if (command.kind !== 'start') continue;
            expect(command.item.after.filter((id) => !settled(state, id))).toEqual([]);
            expect(state.items[command.item.id]?.status).toBe('running');
          }
        });
      }),
    );
  });

  it('never runs more at once than is allowed', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        play(graph, script, (state) => {
          const running = Object.values(state.items).filter(({ status }) => status === 'running');
          expect(running.length).toBeLessThanOrEqual(graph.parallel);
        });
      }),
    );
  });

  it('keeps nothing waiting that is ready while there is room', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        play(graph, script, (state) => {
          const running = Object.values(state.items).filter(({ status }) => status === 'running').length;
          const ready = state.graph.items.filter(
            ({ id, after }) =>
              state.items[id]?.status === 'pending' && after.every((other) => settled(state, other)),
          );
          if (running < graph.parallel) expect(ready).toEqual([]);
        });
      }),
    );
  });

  it('settles every item, and finishes exactly once, at the end', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        const trace = play(graph, script, () => undefined);
        expect(last(trace).graph.items.filter(({ id }) => !settled(last(trace), id))).toEqual([]);
        expect(trace.commands.filter(({ kind }) => kind === 'finish')).toHaveLength(1);
        expect(trace.commands.at(-1)).toEqual({ kind: 'finish' });
      }),
    );
  });

  it('commits exactly one result for each completed item, the first, and accounts for every other', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        const trace = play(graph, script, () => undefined);
        const committed = results(last(trace)).map(({ item: id }) => id);
        const others = unfinished(last(trace)).map(({ item: id }) => id);
        expect([...committed, ...others].sort()).toEqual(
          last(trace)
            .graph.items.map(({ id }) => id)
            .sort(),
        );
        for (const { item: id, accepted } of results(last(trace))) {
          const first = trace.events.find((event) => event.kind === 'succeeded' && event.item === id);
          expect(first).toMatchObject({ result: { accepted } });
        }
      }),
    );
  });

  it('starts each occurrence of an item once, one agent after the other', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        const { commands } = play(graph, script, () => undefined);
        const starts = commands.flatMap((command) => (command.kind === 'start' ? command : []));
        expect(new Set(starts.map(({ item: { id }, occurrence }) => `${id}.${occurrence}`)).size).toBe(
          starts.length,
        );
        for (const { item: one, agent: chosen, occurrence } of starts)
          expect(chosen).toEqual(one.agents[occurrence - 1] ?? null);
      }),
    );
  });

  it('repairs within the budget, once per candidate item, and never a repair', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        const { items, repairs } = last(play(graph, script, () => undefined)).graph;
        const made = items.flatMap(({ repairs: of }) => of ?? []);
        expect(made.length).toBe(graph.repairs - repairs);
        expect(new Set(made).size).toBe(made.length);
        expect(made.filter((id) => id.endsWith('-repair'))).toEqual([]);
      }),
    );
  });

  it('goes on from its state written as JSON as if nothing had happened, and twice the same', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        const { events, states } = play(graph, script, () => undefined);
        let state = initial(graph);
        for (const [index, event] of events.entries()) {
          state = step(JSON.parse(JSON.stringify(state)), event).state;
          expect(state).toEqual(states[index]);
        }
      }),
    );
  });

  it('does not change the state that it was given', () => {
    fc.assert(
      fc.property(graphs, answers, (graph, script) => {
        const { events } = play(graph, script, () => undefined);
        let state = initial(graph);
        for (const event of events) {
          const before = JSON.stringify(state);
          const next = step(state, event);
          expect(JSON.stringify(state)).toBe(before);
          state = next.state;
        }
      }),
    );
  });
});
