import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphItem, ItemRules, WorkGraph } from '../../../libs/contracts/graph.js';
import { failureStrategies } from '../../../libs/contracts/template.js';
import { parsedCondition } from '../../../libs/graph/conditions/parsed-condition.js';
import { isSettled } from '../../../libs/graph/graph-state.js';
import { ladderOf } from '../../../libs/graph/ladder.js';
import {
  type Command,
  type GraphEvent,
  type GraphState,
  initial,
  step,
} from '../../../libs/graph/schedule.js';
import { workMetrics } from '../../../libs/graph/work-metrics.js';
import { priorities } from '../../../libs/protocol/priorities.js';
import { agent, item, result } from './graphs.js';

const shape = fc.record({
  kind: fc.constantFrom('agent', 'agent', 'agent', 'consolidation', 'checkpoint' as const),
  before: fc.array(fc.nat(30), { maxLength: 3 }),
  condition: fc.constantFrom(null, null, 'accepted', "status == 'failed'", "level IN ['HIGH', 'LOW']"),
  onFailure: fc.option(fc.subarray([...failureStrategies]), { nil: undefined }),
  priority: fc.option(fc.constantFrom(...priorities), { nil: undefined }),
  role: fc.constantFrom('plain', 'plain', 'plain', 'fallback', 'recovery', 'manual' as const),
  review: fc.constantFrom(undefined, undefined, undefined, { withinMs: 1000 }),
  deadline: fc.boolean(),
  agents: fc.integer({ min: 1, max: 3 }),
});

/** Graphs without circles whose items have every rule that there is; some stand by for the item before them. */
const graphs: fc.Arbitrary<WorkGraph> = fc
  .record({
    shapes: fc.array(shape, { minLength: 1, maxLength: 10 }),
    parallel: fc.integer({ min: 1, max: 4 }),
    consumes: fc.constantFrom<string[] | undefined>(undefined, ['analysis']),
  })
  .map(({ shapes, parallel, consumes }) => {
    const items: GraphItem[] = [];
    const guarded = new Map<string, ItemRules>();
    for (const [index, one] of shapes.entries()) {
      const free = items.filter(({ rules }) => !rules?.standby);
      const after = [
        ...new Set(one.before.flatMap((place) => free[place % Math.max(1, free.length)]?.id ?? [])),
      ];
      const isAgent = one.kind === 'agent';
      const target =
        isAgent && one.role !== 'plain'
          ? free.findLast(({ kind, id }) => kind === 'agent' && !guarded.has(id))
          : undefined;
      if (target) {
        const own = `n${index}`;
        guarded.set(
          target.id,
          one.role === 'fallback'
            ? { fallback: own }
            : { recovery: { items: [own], mode: one.role === 'manual' ? 'manual' : 'automatic' } },
        );
      }
      const [of] = after;
      const rules: ItemRules = {
        ...(one.condition !== null && of !== undefined && !target
          ? { condition: parsedCondition(`${of}.${one.condition}`) }
          : {}),
        ...(one.onFailure && isAgent ? { onFailure: one.onFailure } : {}),
        ...(one.priority ? { priority: one.priority } : {}),
        ...(one.review && isAgent ? { review: one.review } : {}),
        ...(one.deadline && one.kind === 'consolidation' ? { deadlineMs: 5000 } : {}),
        ...(target
          ? { standby: { for: target.id, as: one.role === 'fallback' ? 'fallback' : 'recovery' } }
          : {}),
      };
      items.push(
        item(`n${index}`, {
          kind: one.kind,
          after: target ? [] : after,
          agents: isAgent ? Array.from({ length: one.agents }, (_, place) => agent(`agent-${place}`)) : [],
          rules,
        }),
      );
    }
    return {
      items: items.map((one) => ({ ...one, rules: { ...one.rules, ...guarded.get(one.id) } })),
      parallel,
      repairs: 0,
      ...(consumes ? { consumes } : {}),
    };
  });

const turns = fc.array(
  fc.record({
    which: fc.nat(),
    how: fc.constantFrom('accepted', 'accepted', 'rejected', 'failed', 'failed', 'expired' as const),
    decision: fc.constantFrom('approve', 'reject', 'retry', 'recover', 'fail', 'skip' as const),
    carried: fc.boolean(),
    finds: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);
type Turns = typeof turns extends fc.Arbitrary<infer T> ? T : never;

/** After so many turns people are decisive: whoever is asked says that it has failed, and nobody finds anything. */
const patience = 60;

/** Plays a graph to its end, continuing as new whenever the script says so; every step is watched. */
function play(
  graph: WorkGraph,
  script: Turns,
  watch: (before: GraphState, event: GraphEvent, after: GraphState, commands: readonly Command[]) => void,
): GraphState {
  let state = initial(graph);
  let running: string[] = [];
  const waiting = new Set<string>();
  const admitting: string[] = [];
  let found = 0;
  const take = (event: GraphEvent): void => {
    const next = step(state, event);
    watch(state, event, next.state, next.commands);
    state = next.state;
    for (const command of next.commands) {
      if (command.kind === 'start') running.push(command.item.id);
      if (command.kind === 'cancel') running = running.filter((id) => id !== command.item);
      if (command.kind === 'wait') waiting.add(command.item);
      if (command.kind === 'admit') admitting.push(command.item);
    }
  };
  take({ kind: 'begun', at: '2026-01-01T00:00:00.000Z' });
  for (let turn = 0; !state.finished; turn += 1) {
    if (turn > 2000) throw new Error(`The graph does not come to an end: ${JSON.stringify(state.items)}`);
    const { which, how, decision, carried, finds } = script[turn % script.length] ?? {
      which: 0,
      how: 'accepted' as const,
      decision: 'fail' as const,
      carried: false,
      finds: false,
    };
    const at = new Date(Date.UTC(2026, 0, 1) + turn * 1000).toISOString();
    const by = admitting.shift();
    if (by !== undefined) {
      const adds = finds && turn < patience;
      found += adds ? 1 : 0;
      take({ kind: 'discovered', by, items: adds ? [item(`found-${found}`, { category: 'other' })] : [] });
      continue;
    }
    const people = state.graph.items
      .map(({ id }) => id)
      .filter((id) => ['blocked', 'awaiting_review'].includes(state.items[id]?.status ?? ''));
    if (people.length > 0 && (running.length === 0 || which % 3 === 0)) {
      const asked = people[which % people.length] ?? '';
      if (how === 'expired') take({ kind: 'expired', item: asked, at });
      else {
        const fallback = state.items[asked]?.status === 'awaiting_review' ? 'approve' : 'fail';
        take({
          kind: 'decided',
          item: asked,
          decision: turn < patience ? decision : fallback,
          by: 'ada',
          reason: 'So it is.',
          at,
        });
      }
      continue;
    }
    if (carried && running.length > 0) {
      // The workflow goes on elsewhere: what was commanded and has not ended is commanded again.
      state = JSON.parse(JSON.stringify(state)) as GraphState;
      running = [];
      admitting.length = 0;
      take({ kind: 'begun', at });
    }
    const collecting = [...waiting].filter((id) => state.items[id]?.status === 'pending');
    if (how === 'expired' && collecting.length > 0) {
      take({ kind: 'expired', item: collecting[which % collecting.length] ?? '', at });
      continue;
    }
    const [id] = running.splice(which % Math.max(1, running.length), 1);
    if (id === undefined)
      throw new Error(`Nothing runs, and it has not ended: ${JSON.stringify(state.items)}`);
    take({ kind: 'started', item: id, at });
    take(
      how === 'failed' || how === 'expired'
        ? { kind: 'failed', item: id, code: 'AgentFailed', at }
        : {
            kind: 'succeeded',
            item: id,
            result: {
              ...result(
                id,
                how === 'accepted' || state.graph.items.find((one) => one.id === id)?.kind === 'agent',
              ),
              facts: { level: which % 2 === 0 ? 'HIGH' : 'MEDIUM' },
            },
            at,
          },
    );
  }
  return state;
}

describe('whatever the rules, the failures, what people say and the order of events', () => {
  it('the work ends, with every item settled', () => {
    fc.assert(
      fc.property(graphs, turns, (graph, script) => {
        const state = play(graph, script, () => undefined);
        for (const { id } of state.graph.items)
          expect(isSettled(state.items[id] ?? { status: 'pending' })).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('no item starts before those that it comes after are settled, nor more than may run at once', () => {
    fc.assert(
      fc.property(graphs, turns, (graph, script) => {
        play(graph, script, (_, __, after, commands) => {
          for (const command of commands)
            if (command.kind === 'start')
              for (const id of command.item.after)
                expect(isSettled(after.items[id] ?? { status: 'pending' })).toBe(true);
          const running = Object.values(after.items).filter(({ status }) => status === 'running').length;
          expect(running).toBeLessThanOrEqual(graph.parallel);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('an item is executed at most as often as its ladder allows, and once more each time that a person says so', () => {
    fc.assert(
      fc.property(graphs, turns, (graph, script) => {
        const retries = new Map<string, number>();
        const state = play(graph, script, (before, event) => {
          if (
            event.kind === 'decided' &&
            event.decision === 'retry' &&
            before.items[event.item]?.status === 'blocked'
          )
            retries.set(event.item, (retries.get(event.item) ?? 0) + 1);
        });
        for (const one of state.graph.items) {
          const executions = ladderOf(one).filter(({ kind }) => kind === 'execute').length;
          const { occurrence = 0 } = state.items[one.id] ?? {};
          expect(occurrence).toBeLessThanOrEqual(executions + (retries.get(one.id) ?? 0));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('what is settled stays as it is', () => {
    fc.assert(
      fc.property(graphs, turns, (graph, script) => {
        play(graph, script, (before, _, after) => {
          for (const [id, is] of Object.entries(before.items))
            if (isSettled(is)) expect(after.items[id]).toEqual(is);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('finishing is commanded once, and nothing after it', () => {
    fc.assert(
      fc.property(graphs, turns, (graph, script) => {
        const commands: Command[] = [];
        play(graph, script, (_, __, ___, commanded) => commands.push(...commanded));
        expect(commands.filter(({ kind }) => kind === 'finish')).toHaveLength(1);
        expect(commands.at(-1)?.kind).toBe('finish');
      }),
      { numRuns: 200 },
    );
  });

  it('finishing is commanded exactly when nothing waits, runs or is being admitted, whatever was discovered', () => {
    let discovered = 0;
    fc.assert(
      fc.property(graphs, turns, (graph, script) => {
        const admitting = new Set<string>();
        const state = play(graph, script, (_, event, after, commands) => {
          if (event.kind === 'discovered') {
            admitting.delete(event.by);
            discovered += event.items.length;
          }
          // What was being admitted when the workflow went on elsewhere is commanded again, so it is in the set.
          for (const command of commands) if (command.kind === 'admit') admitting.add(command.item);
          const left = after.graph.items.filter(
            ({ id }) => !isSettled(after.items[id] ?? { status: 'pending' }),
          );
          const { total_discoveries: _found, ...work } = workMetrics(after);
          const open = Object.values(work.categories).some(({ active, pending }) => active + pending > 0);
          expect(open).toBe(left.length > 0);
          expect(after.finished).toBe(left.length === 0 && admitting.size === 0);
        });
        expect(state.finished).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(discovered).toBeGreaterThan(0);
  });
});
