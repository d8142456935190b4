import { hash } from 'node:crypto';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import canonicalize from 'canonicalize';
import type { Called, Engine, MicroLimits, openEngine, SourceError } from '../sandbox/wasm/engine.js';

// This file imports packages only, so that a thread can load it; the engine's place comes with the work.

/** Where this file is, for a thread. */
export const module = import.meta.url;

interface EngineModule {
  readonly openEngine: typeof openEngine;
  readonly SourceError: typeof SourceError;
}

/** Some inputs of a segment, and what they are executed by. */
export interface InputsWork {
  /** Address of the module with `openEngine`. */
  readonly engine: string;
  readonly source: string;
  readonly limits: MicroLimits;
  /** JSON Schema of each output. */
  readonly outcome: Readonly<Record<string, unknown>>;
  /** JSON Schema that the item asks of each output beside that; null where it asks for none. */
  readonly expects: Readonly<Record<string, unknown>> | null;
  /** Executions of one input before it counts as failed. */
  readonly attempts: number;
  /** A JSON array of the inputs. */
  readonly inputs: string;
  /** Index of the first of them in its segment. */
  readonly first: number;
  /** Indexes of those that are executed. Default: all. */
  readonly only?: readonly number[] | undefined;
  /** Indexes of those that never ended before, and are not tried again. */
  readonly hung: readonly number[];
  /** Holds 1 more than the index of what is executed, counted from `first`; 0 before. */
  readonly at: Int32Array;
}

/** What came of some inputs. */
export interface InputsDone {
  /** Canonical JSON of a list of `InputResult`, by index. */
  readonly results: string;
  readonly completed: number;
  readonly failed: readonly { readonly index: number; readonly code: string }[];
}

/** Why the program cannot be loaded: an error would lose its class on the way out of a thread. */
export interface Unusable {
  readonly unusable: string;
}

type Result =
  | {
      readonly index: number;
      readonly status: 'completed';
      readonly digest: string;
      /** Canonical JSON of the output. */
      readonly output: string;
    }
  | { readonly index: number; readonly status: 'failed'; readonly code: string; readonly message: string };

/** Executes a micro agent on some inputs, one after another. What fails is a result, too. */
export async function workOnInputs(work: InputsWork): Promise<InputsDone | Unusable> {
  const { openEngine: open, SourceError: Refused }: EngineModule = await import(work.engine);
  const values = JSON.parse(work.inputs) as unknown[];
  const indexes = work.only ?? values.map((_, place) => work.first + place);
  const results: Result[] = [];
  let engine: Engine;
  try {
    engine = await open(work.source, work.limits);
  } catch (error) {
    if (error instanceof Refused) return { unusable: error.message };
    throw error;
  }
  try {
    const judge = judgeBy(work);
    for (const index of indexes) {
      const place = index - work.first;
      Atomics.store(work.at, 0, place + 1);
      const json = JSON.stringify(values[place]);
      let result = work.hung.includes(index)
        ? overLimit(index, 'time')
        : judge(index, await engine.call(json));
      for (let attempt = 2; attempt <= work.attempts && isWorthAnother(result, work); attempt += 1)
        result = judge(index, await engine.callAfresh(json));
      results.push(result);
    }
  } finally {
    engine.close();
  }
  return {
    results: `[${results.map(textOf).join(',')}]`,
    completed: results.filter(({ status }) => status === 'completed').length,
    failed: results.flatMap((result) =>
      result.status === 'failed' ? [{ index: result.index, code: result.code }] : [],
    ),
  };
}

/** Canonical JSON of a result. The output's is there already, and outputs are most of what there is. */
const textOf = (result: Result): string =>
  result.status === 'completed'
    ? `{"digest":"${result.digest}","index":${result.index},"output":${result.output},"status":"completed"}`
    : (canonicalize(result) ?? '');

const isWorthAnother = (result: Result, { hung }: InputsWork): boolean =>
  result.status === 'failed' && !hung.includes(result.index);

/** What a call comes to: an output counts where it keeps to the schemas and has canonical JSON. */
function judgeBy({ outcome, expects }: InputsWork): (index: number, called: Called) => Result {
  const [own, asked] = [checkOf(outcome), expects === null ? null : checkOf(expects)];
  return (index, called) => {
    switch (called.kind) {
      case 'limit':
        return overLimit(index, called.limit);
      case 'threw':
        return failed(index, called.says);
      case 'output': {
        const output: unknown = JSON.parse(called.json);
        if (!own(output)) return failed(index, `Its output breaks its schema: ${reasonOf(own)}.`);
        if (asked && !asked(output))
          return failed(index, `Its output is not what the item expects: ${reasonOf(asked)}.`);
        const text = canonical(output);
        return text === undefined
          ? failed(index, 'Its output has no canonical JSON.')
          : {
              index,
              status: 'completed',
              digest: hash('sha256', text, 'hex'),
              output: text,
            };
      }
    }
  };
}

function reasonOf({ errors }: ValidateFunction): string {
  const [problem] = errors ?? [];
  return `${problem?.instancePath || '/'} ${problem?.message ?? 'does not fit'}`;
}

function canonical(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch {
    // It says so of a lone surrogate.
    return undefined;
  }
}

const failed = (index: number, message: string): Result => ({
  index,
  status: 'failed',
  code: 'AgentFailed',
  message: message.slice(0, 300).toWellFormed(),
});

const overLimit = (index: number, limit: string): Result => ({
  index,
  status: 'failed',
  code: 'SandboxLimit',
  message: `It went over the limit "${limit}".`,
});

const checks = new Map<string, ValidateFunction>();

/** The check of a schema, compiled once in each thread. */
function checkOf(schema: InputsWork['outcome']): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = checks.get(key);
  if (known) return known;
  const ajv = new Ajv2020({ strict: true, strictRequired: false, validateFormats: false });
  const check = ajv.compile(schema);
  // Few agents have work at once; those of long ago are not kept for.
  if (checks.size >= 20) checks.clear();
  checks.set(key, check);
  return check;
}
