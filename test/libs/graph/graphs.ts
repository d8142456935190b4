import type { AgentRef, GraphItem, ItemResult, WorkGraph } from '../../../libs/contracts/graph.js';
import {
  type Command,
  type GraphEvent,
  type GraphState,
  initial,
  step,
} from '../../../libs/graph/schedule.js';

export const agent = (id: string): AgentRef => ({ id, manifest: `sha256:${'a'.repeat(64)}` });

export const item = (id: string, change: Partial<GraphItem> = {}): GraphItem => ({
  id,
  title: id,
  category: 'analysis',
  kind: 'agent',
  body: id,
  after: [],
  workspace: null,
  candidate: null,
  agents: change.kind === undefined || change.kind === 'agent' ? [agent(`${id}-agent`)] : [],
  timeoutMs: 1000,
  repairs: null,
  ...change,
});

export const graph = (items: readonly GraphItem[], change: Partial<WorkGraph> = {}): WorkGraph => ({
  items: [...items],
  parallel: 10,
  repairs: 0,
  ...change,
});

/** A candidate's work and its validation, behind `after`. */
export const candidate = (letter: string, after: readonly string[] = []): GraphItem[] => {
  const improve = `improve-${letter.toLowerCase()}`;
  return [
    item(improve, { category: 'implementation', candidate: letter, after: [...after] }),
    item(`validate-${letter.toLowerCase()}`, {
      category: 'validation',
      candidate: letter,
      after: [improve],
      workspace: improve,
    }),
  ];
};

export const result = (id: string, accepted = true): ItemResult => ({
  item: id,
  agent: null,
  outcome: { digest: `sha256:${'b'.repeat(64)}`, size: 2, mediaType: 'application/json' },
  measurements: null,
  workspace: null,
  summary: `${id} done`,
  accepted,
});

/** A graph that is stepped by hand: it remembers what was commanded. */
export class Stepped {
  state: GraphState;
  readonly commands: Command[] = [];

  /** @param at when it begins; without it no time passes */
  constructor(of: WorkGraph, at?: string, stepwise = false) {
    this.state = initial(of, stepwise);
    this.take({ kind: 'begun', ...(at === undefined ? {} : { at }) });
  }

  /** The commands that this event led to, as `item` or `item.occurrence` beyond the first, or `finish`. */
  take(event: GraphEvent): string[] {
    const { state, commands } = step(this.state, event);
    this.state = state;
    this.commands.push(...commands);
    return commands.map(named);
  }

  done(id: string, accepted = true): string[] {
    return this.take({ kind: 'succeeded', item: id, result: result(id, accepted), at: 'later' });
  }

  fail(id: string, code = 'AgentFailed'): string[] {
    return this.take({ kind: 'failed', item: id, code, at: 'later' });
  }

  get started(): string[] {
    return this.commands.map(named);
  }

  status(id: string): string {
    const { status, code } = this.state.items[id] ?? { status: 'absent', code: null };
    return code === null ? status : `${status}: ${code}`;
  }
}

const named = (command: Command): string => {
  switch (command.kind) {
    case 'finish':
      return 'finish';
    case 'start': {
      const { item, occurrence } = command;
      return occurrence === 1 ? item.id : `${item.id}.${occurrence}`;
    }
    default:
      return `${command.kind} ${command.item}`;
  }
};
