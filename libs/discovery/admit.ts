import { z } from 'zod';
import { type Discovery, discoverySchema, type Ledger, type LedgerEntry } from '../contracts/discovery.js';
import type { AgentRef, GraphItem, ItemResult } from '../contracts/graph.js';
import { type Consumer, millisecondsOf, mostItems, type Template } from '../contracts/template.js';
import { evaluate } from '../graph/conditions/evaluate.js';
import { parsedCondition } from '../graph/conditions/parsed-condition.js';
import type { PlannedItem } from '../graph/expand.js';
import { factIn } from '../templates/fact-in.js';
import { discoveryFact, routeOf } from './route.js';
import { similarityOf } from './similarity.js';

/** What is looked at, and by which rules. */
export interface Admission {
  readonly template: Template;
  /** Ids that the graph had as it was planned. */
  readonly planned: ReadonlySet<string>;
  /** What each consumer's items are made from, with the agents that were assigned to them; by the consumer's id. */
  readonly blueprints: ReadonlyMap<string, PlannedItem & { readonly agents: readonly AgentRef[] }>;
  /** The item that found something, or failed. */
  readonly item: GraphItem;
  /** What it committed; null where it failed. */
  readonly result: ItemResult | null;
  /** Its outcome; null where it failed. */
  readonly outcome: unknown;
  /** Why it failed; null where it did not. */
  readonly code: string | null;
  readonly ledger: Ledger;
  /**
   * `item` is no item of the graph, it stands for what the subject itself asks for: nothing waits for it, and what is made
   * is done one after the other, each on what the one before handed back, so that the work ends with one workspace.
   */
  readonly outside?: boolean;
}

/** Discoveries of one outcome that are looked at; more are refused. */
const mostAtOnce = 100;
/** The same of what is outside of the graph: as many as two control files may have. */
const mostOutside = 400;

const listSchema = z.object({ discoveries: z.array(z.unknown()) });

/**
 * What an item's discoveries, its result or its failure lead to. Each discovery is checked by its contract, routed,
 * compared with those before, and held against the budgets; what is admitted becomes an item for the first consumer
 * whose condition holds, behind what blocks it. A result is consumed by each consumer of its category whose condition
 * holds. A failure leads to one critical discovery for analysis, unless it is itself of such a one. Pure: the same in
 * the same order leads to the same items and the same ledger.
 */
export function admit(admission: Admission): {
  readonly items: GraphItem[];
  readonly ledger: Omit<Ledger, 'previous'>;
} {
  const desk = new Desk(admission);
  desk.discoveries();
  desk.siblings();
  desk.results();
  return desk.done();
}

type Found = Pick<LedgerEntry, 'discovery' | 'index'> & { readonly problem: string | null };

class Desk {
  readonly #given: Admission;
  readonly #entries: LedgerEntry[];
  readonly #consumed: Ledger['consumed'];
  #costMs: number;
  readonly #items: GraphItem[] = [];
  readonly #depth: number;
  /** By consumer: how many items were made for it. */
  readonly #numbers = new Map<string, number>();

  constructor(admission: Admission) {
    this.#given = admission;
    const { ledger, item } = admission;
    this.#entries = [...ledger.entries];
    this.#consumed = [...ledger.consumed];
    this.#costMs = ledger.costMs;
    this.#depth = (item.rules?.discovered?.depth ?? 0) + 1;
    // What an earlier run left was planned, and has numbers too.
    for (const id of [...admission.planned, ...this.#made()]) {
      const [, consumer, number] = /^(.*)-(\d+)$/.exec(id) ?? [];
      if (consumer) this.#numbers.set(consumer, Math.max(this.#numbers.get(consumer) ?? 0, Number(number)));
    }
  }

  done(): { items: GraphItem[]; ledger: Omit<Ledger, 'previous'> } {
    return {
      items: this.#items,
      ledger: {
        kind: 'ledger',
        version: 1,
        entries: this.#entries,
        consumed: this.#consumed,
        costMs: this.#costMs,
      },
    };
  }

  discoveries(): void {
    const { outcome, code, item, outside } = this.#given;
    const most = outside ? mostOutside : mostAtOnce;
    const found = code === null ? foundIn(outcome, most) : [recoveryOf(item, code)];
    // `#2` names the second of this outcome, so their numbers in the ledger are needed.
    const first = this.#entries.length + 1;
    for (const one of found) this.#look(one, first);
  }

  #look({ discovery, index, problem }: Found, first: number): void {
    const { template, item } = this.#given;
    const base = { number: this.#entries.length + 1, by: item.id, depth: this.#depth, discovery, index };
    const nowhere = { category: null, route: null, duplicateOf: null, items: [] };
    if (discovery === null) {
      this.#entries.push({ ...base, ...nowhere, fate: 'refused', reason: problem });
      return;
    }
    const routed = routeOf(discovery, template.routes);
    const duplicateOf = this.#sameAs(discovery, routed.category);
    if (duplicateOf !== null) {
      this.#entries.push({ ...base, ...nowhere, ...routed, fate: 'duplicate', reason: null, duplicateOf });
      return;
    }
    const consumer = this.#consumerOf(discovery, routed.category);
    const blockers = this.#blockers(discovery, first);
    const reason = consumer ? (blockers.problem ?? this.#overBudget(consumer)) : whyNobody(routed.category);
    if (!consumer || reason !== null) {
      const fate = blockers.problem === null ? 'follow-up' : 'refused';
      this.#entries.push({ ...base, ...nowhere, ...routed, fate, reason });
      return;
    }
    const made = this.#make(consumer, {
      title: discovery.description,
      index,
      after: blockers.items,
      priority: discovery.priority,
    });
    this.#entries.push({ ...base, ...nowhere, ...routed, fate: 'admitted', reason: null, items: [made.id] });
  }

  /** One item for all that this outcome led to, where somebody wants them together. */
  siblings(): void {
    const made = [...this.#items];
    for (const consumer of this.#given.template.consumers) {
      const { consumes } = consumer;
      if (consumes.kind !== 'result' || consumes.gather !== 'siblings') continue;
      const siblings = made.filter(({ category }) => category === consumes.category);
      if (siblings.length === 0 || this.#overBudget(consumer) !== null) continue;
      const ids = siblings.map(({ id }) => id);
      // What another one goes on from has ended in that one.
      const ends = ids.filter((id) => !siblings.some(({ workspace }) => workspace === id));
      const item = this.#make(consumer, { title: consumer.title, index: null, after: ids, gathers: ends });
      this.#consumed.push({ result: ids.join(', '), consumer: consumer.id, items: [item.id] });
    }
  }

  results(): void {
    const { template, item, result, outcome } = this.#given;
    if (result === null) return;
    for (const consumer of template.consumers) {
      const { consumes, condition } = consumer;
      if (consumes.kind !== 'result' || consumes.gather !== 'each' || consumes.category !== item.category)
        continue;
      const holds =
        condition === undefined ||
        evaluate(parsedCondition(condition), ([root, ...names]) =>
          resultFact(root, names, result, outcome),
        ) === true;
      if (!holds || this.#overBudget(consumer) !== null) continue;
      const made = this.#make(consumer, {
        title: `${consumer.title}: ${item.title}`,
        index: null,
        after: [],
      });
      this.#consumed.push({ result: item.id, consumer: consumer.id, items: [made.id] });
    }
  }

  #sameAs(discovery: Discovery, category: string | null): number | null {
    const { similarity } = this.#given.template.emergence;
    const same = this.#entries.find(
      (entry) =>
        entry.discovery !== null &&
        entry.fate !== 'refused' &&
        entry.fate !== 'duplicate' &&
        entry.category === category &&
        similarityOf(entry.discovery, discovery) >= similarity,
    );
    return same?.number ?? null;
  }

  #consumerOf(discovery: Discovery, category: string | null): Consumer | undefined {
    return this.#given.template.consumers.find(
      ({ consumes, condition }) =>
        consumes.kind === 'discovery' &&
        consumes.category === category &&
        (condition === undefined ||
          evaluate(parsedCondition(condition), (path) => discoveryFact(discovery, path)) === true),
    );
  }

  /** The items that must complete first, by their ids or as `#n`, the n-th discovery of the same outcome. */
  #blockers(
    { blockedBy }: Discovery,
    first: number,
  ): { readonly items: string[]; readonly problem: string | null } {
    const items: string[] = [];
    const known = new Set([...this.#given.planned, ...this.#made()]);
    for (const name of blockedBy) {
      const number = /^#(\d+)$/.exec(name)?.[1];
      const entry = number === undefined ? undefined : this.#entries[first + Number(number) - 2];
      const found = number === undefined ? (known.has(name) ? [name] : []) : this.#itemsOf(entry);
      if (found.length === 0)
        return { items: [], problem: `It is blocked by ${name}, which is no work that is done or will be.` };
      items.push(...found);
    }
    return { items, problem: null };
  }

  #itemsOf(entry: LedgerEntry | undefined): readonly string[] {
    if (!entry) return [];
    const original = entry.duplicateOf === null ? entry : this.#entries[entry.duplicateOf - 1];
    return original?.items ?? [];
  }

  #made(): string[] {
    return [...this.#entries, ...this.#consumed].flatMap(({ items }) => items);
  }

  /** What was made last; what is outside of the graph goes on from there. */
  #before(): string | null {
    return this.#items.at(-1)?.id ?? null;
  }

  #overBudget({ id }: Consumer): string | null {
    const { depth, count, cost } = this.#given.template.emergence;
    if (this.#depth > depth) return `More than ${depth} discoveries would lead to one another.`;
    if (this.#made().length + this.#given.planned.size >= mostItems || this.#made().length >= count)
      return `More than ${count} items would be added.`;
    if (this.#costMs + this.#expected(id) > (millisecondsOf(cost) ?? 0))
      return `What is added would be expected to take more than ${cost}.`;
    return null;
  }

  #expected(consumer: string): number {
    const blueprint = this.#given.blueprints.get(consumer);
    return blueprint?.rules?.expectedMs ?? blueprint?.timeoutMs ?? 0;
  }

  #make(
    consumer: Consumer,
    what: {
      readonly title: string;
      readonly index: number | null;
      readonly after: readonly string[];
      readonly priority?: Discovery['priority'];
      readonly gathers?: readonly string[];
    },
  ): GraphItem {
    const { item: by, result, code, blueprints, outside = false } = this.#given;
    const blueprint = blueprints.get(consumer.id);
    if (!blueprint) throw new Error(`The consumer ${consumer.id} has no blueprint.`);
    const { capability: _, agents, ...plan } = blueprint;
    const number = (this.#numbers.get(consumer.id) ?? 0) + 1;
    this.#numbers.set(consumer.id, number);
    const handsOn = result?.workspace !== null || result?.workedOn !== undefined;
    const [only, another] = what.gathers ?? [];
    const gathered = another === undefined ? (only ?? null) : null;
    const found = outside ? this.#before() : result !== null && handsOn ? by.id : by.workspace;
    const workspace = what.gathers ? gathered : found;
    const item: GraphItem = {
      ...plan,
      id: `${consumer.id}-${number}`,
      title: what.title.slice(0, 200).toWellFormed(),
      agents: [...agents],
      after: [
        ...new Set([
          ...plan.after,
          ...(code === null && !outside ? [by.id] : []),
          ...what.after,
          ...(workspace === null ? [] : [workspace]),
        ]),
      ],
      workspace,
      rules: {
        ...plan.rules,
        ...(what.priority === undefined ? {} : { priority: what.priority }),
        ...(what.gathers && another !== undefined ? { merges: [...what.gathers] } : {}),
        discovered: {
          by: by.id,
          depth: this.#depth,
          ...(what.index === null ? {} : { index: what.index }),
          ...(code === null ? {} : { recovers: code }),
        },
      },
    };
    this.#items.push(item);
    this.#costMs += this.#expected(consumer.id);
    return item;
  }
}

function foundIn(outcome: unknown, most: number): Found[] {
  const list = listSchema.safeParse(outcome);
  if (!list.success) return [];
  return list.data.discoveries.map((one, index): Found => {
    if (index >= most)
      return { discovery: null, index, problem: `Of one outcome, ${most} discoveries are looked at.` };
    const parsed = discoverySchema.safeParse(one);
    if (parsed.success) return { discovery: parsed.data, index, problem: null };
    const [issue] = parsed.error.issues;
    return {
      discovery: null,
      index,
      problem: `/${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'It is not valid.'}`,
    };
  });
}

/** The work that a failure makes (A4-38). */
const recoveryOf = ({ id, title }: GraphItem, code: string): Found => ({
  discovery: discoverySchema.parse({
    description: `Recover "${title.slice(0, 200)}" (${id}), which failed with ${code}.`,
    kind: 'other',
    category: 'analysis',
    priority: 'critical',
    done: `It is shown why ${id} failed, and what is to be done about it.`,
    parameters: { item: id, code },
  }),
  index: null,
  problem: null,
});

const whyNobody = (category: string | null): string =>
  category === null
    ? 'No route says to which category it belongs.'
    : `Nobody consumes discoveries of ${category}, or no condition of those who do holds.`;

function resultFact(
  root: string | undefined,
  names: readonly string[],
  result: ItemResult,
  outcome: unknown,
) {
  if (root !== 'result') return undefined;
  return names.join('.') === 'accepted' ? result.accepted : factIn(outcome, names);
}
