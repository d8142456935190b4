import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import {
  type CoreAnalysis,
  coreAnalyses,
  type ThreatOutcomes,
  threatOutcomes,
} from '../../../contracts/reports/threat.js';
import { TaskFailure } from '../answer/task-failure.js';
import type { Places } from '../subject/places.js';

type Kind = keyof ThreatOutcomes;

const schemas: { readonly [K in Kind]: z.ZodType<ThreatOutcomes[K]> } = threatOutcomes;

interface Core {
  readonly analysis: CoreAnalysis;
  readonly outcome: ThreatOutcomes[CoreAnalysis];
}

const kindSchema = z.object({ kind: z.string() });
/** As much as an agent may answer. */
const largest = 16 * 1024 * 1024;

/** Outcomes of earlier items by their kind, whatever the items are called. What is none of ours is left aside. */
export class Outcomes {
  private readonly values = new Map<string, unknown>();
  private read: readonly Core[] | undefined;

  constructor(values: readonly unknown[]) {
    for (const value of values) {
      const kind = kindSchema.safeParse(value);
      if (kind.success && !this.values.has(kind.data.kind)) this.values.set(kind.data.kind, value);
    }
  }

  /** The outcome of a kind; undefined where there is none that keeps to its contract. */
  find<K extends Kind>(kind: K): ThreatOutcomes[K] | undefined {
    const parsed = schemas[kind].safeParse(this.values.get(kind));
    return parsed.success ? parsed.data : undefined;
  }

  /** @throws TaskFailure InputInvalid: there is none that keeps to its contract */
  get<K extends Kind>(kind: K): ThreatOutcomes[K] {
    const found = this.find(kind);
    if (found === undefined)
      throw new TaskFailure('InputInvalid', `No input is an outcome of the kind ${kind} that can be read.`);
    return found;
  }

  /** Those of the six analyses that are there. */
  core(): readonly Core[] {
    this.read ??= coreAnalyses.flatMap((analysis) => {
      const outcome = this.find(analysis);
      return outcome === undefined ? [] : [{ analysis, outcome }];
    });
    return this.read;
  }

  findings(): Finding[] {
    return this.core().flatMap(({ outcome }) => outcome.findings);
  }
}

/** Reads the inputs of a task. An input that is no JSON is left aside, as one that is missing. */
export const readOutcomes = (places: Places, task: AgentTask): Outcomes =>
  new Outcomes(task.inputs.map((name) => readJson(join(places.inputs, `${name}.json`))));

function readJson(path: string): unknown {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known === undefined || known.size > largest) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Another agent wrote it; what cannot be read counts as missing, and the assessment says so.
    return undefined;
  }
}
