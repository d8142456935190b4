import { z } from 'zod';
import type { Template } from '../../contracts/template.js';
import { expandTemplate } from '../../graph/expand.js';
import { priorities } from '../../protocol/priorities.js';
import { bodyOf } from '../expected-report.js';
import { expectedDuration } from './expected-duration.js';
import { type Task, workOff } from './work-off.js';

/** What of a template can run at once, and what that gains. Times in milliseconds. */
export const parallelismSchema = z.strictObject({
  template: z.strictObject({ name: z.string(), version: z.string() }),
  /** Items that may run at once, as the template says. */
  lanes: z.int().positive(),
  items: z.array(
    z.strictObject({
      id: z.string(),
      /** From 0: how many items it has at least to wait for, one after the other. */
      level: z.int().nonnegative(),
      expectedMs: z.number(),
      /** What says how long it takes: itself, its category, that it is a barrier, or a quarter of its timeout. */
      expectedBy: z.enum(['item', 'category', 'barrier', 'timeout']),
      /** When it starts with as many lanes as the template says. */
      startMs: z.number(),
      critical: z.boolean(),
    }),
  ),
  /** Groups of items that can run at once: each waits for items of the group before. */
  levels: z.array(z.array(z.string())),
  /** Most items that run at once where there is no bound. */
  width: z.int().nonnegative(),
  /** The chain that takes longest; no number of lanes makes it shorter. */
  criticalPath: z.array(z.string()),
  expected: z.strictObject({
    /** One after the other. */
    serialMs: z.number(),
    /** With a lane for each. */
    unboundedMs: z.number(),
    /** With as many lanes as the template says. */
    boundedMs: z.number(),
    /** How many times faster than one after the other. */
    speedUp: z.number(),
    /** The most that any number of lanes could make of it. */
    mostSpeedUp: z.number(),
  }),
  /** Items that are only done where another has failed; they are not counted. */
  standby: z.array(z.string()),
});
export type Parallelism = z.infer<typeof parallelismSchema>;

/**
 * What of a template can run at once. It counts a run in which every condition holds, every candidate takes part, and
 * nothing fails; how long an item takes is what {@link expectedDuration} says.
 */
export function analyseParallelism(template: Template): Parallelism {
  const helpers = new Set(
    template.items.flatMap(({ fallback, recovery }) => [
      ...(fallback === undefined ? [] : [fallback]),
      ...(recovery?.items ?? []),
    ]),
  );
  const expanded = expandTemplate(template);
  const planned = expanded.filter(({ body }) => !helpers.has(body));
  const numbers = new Map(planned.map(({ id }, number) => [id, number]));
  const bodies = new Map(template.items.map((item) => [item.id, item]));
  const durations = planned.map(({ body }) =>
    expectedDuration(template, bodies.get(body) ?? bodyOf(template, body)),
  );
  const tasks: Task[] = planned.map(({ body, after }, number) => ({
    ms: durations[number]?.ms ?? 0,
    after: after.flatMap((id) => numbers.get(id) ?? []),
    priority: priorities.indexOf(bodies.get(body)?.priority ?? template.defaults.priority),
  }));
  const order = inOrder(tasks);
  const levels = longest(order, tasks, () => 1).map(({ total }) => total - 1);
  const ends = longest(order, tasks, (task) => task.ms);
  const critical = criticalPath(ends);
  const onPath = new Set(critical);
  const unbounded = workOff(tasks, Number.POSITIVE_INFINITY);
  const bounded = workOff(tasks, template.parallel);
  const serialMs = tasks.reduce((sum, { ms }) => sum + ms, 0);
  const idOf = (number: number): string => planned[number]?.id ?? '';
  return {
    template: { name: template.name, version: template.version },
    lanes: template.parallel,
    items: planned.map(({ id }, number) => ({
      id,
      level: levels[number] ?? 0,
      expectedMs: durations[number]?.ms ?? 0,
      expectedBy: durations[number]?.by ?? 'timeout',
      startMs: bounded.starts[number] ?? 0,
      critical: onPath.has(number),
    })),
    levels: grouped(levels).map((group) => group.map(idOf)),
    width: unbounded.width,
    criticalPath: critical.map(idOf),
    expected: {
      serialMs,
      unboundedMs: unbounded.ms,
      boundedMs: bounded.ms,
      speedUp: ratio(serialMs, bounded.ms),
      mostSpeedUp: ratio(serialMs, unbounded.ms),
    },
    standby: expanded.filter(({ body }) => helpers.has(body)).map(({ id }) => id),
  };
}

/** With two digits after the point. */
const ratio = (one: number, other: number): number =>
  other === 0 ? 1 : Math.round((one / other) * 100) / 100;

/** The numbers of the tasks, each after those that it waits for. */
function inOrder(tasks: readonly Task[]): number[] {
  const { starts } = workOff(
    tasks.map((task) => ({ ...task, ms: 1 })),
    Number.POSITIVE_INFINITY,
  );
  return tasks
    .map((_, number) => number)
    .sort((one, other) => (starts[one] ?? 0) - (starts[other] ?? 0) || one - other);
}

interface Longest {
  readonly total: number;
  readonly before: number | undefined;
}

/** For each task the longest chain that ends with it, by a measure. */
function longest(
  order: readonly number[],
  tasks: readonly Task[],
  measure: (task: Task) => number,
): Longest[] {
  const chains: Longest[] = tasks.map(() => ({ total: 0, before: undefined }));
  for (const number of order) {
    const task = tasks[number];
    if (!task) continue;
    let before: number | undefined;
    for (const one of task.after)
      if (before === undefined || (chains[one]?.total ?? 0) > (chains[before]?.total ?? 0)) before = one;
    const longer = before === undefined ? 0 : (chains[before]?.total ?? 0);
    chains[number] = { total: longer + measure(task), before };
  }
  return chains;
}

function criticalPath(chains: readonly Longest[]): number[] {
  let at: number | undefined;
  for (const [number, { total }] of chains.entries())
    if (at === undefined || total > (chains[at]?.total ?? 0)) at = number;
  const path: number[] = [];
  for (; at !== undefined; at = chains[at]?.before) path.unshift(at);
  return path;
}

function grouped(levels: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const [number, level] of levels.entries()) {
    groups[level] ??= [];
    groups[level]?.push(number);
  }
  return groups;
}
