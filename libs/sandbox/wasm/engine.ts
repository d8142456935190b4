import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  type EmscriptenModuleLoaderOptions,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

// This file imports packages only, so that a thread can load it.

// Node has it, and its types do not say so.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
  readonly RuntimeError: ErrorConstructor;
  readonly Memory: new (pages: { initial: number; maximum: number }) => object;
};

const pageBytes = 64 * 1024;
/** What the engine begins with. */
const leastPages = 256;

// As a module of ES it is the variant, by its types it is what CommonJS would get.
const sync = 'default' in variant ? variant.default : variant;

/** Where this file is, for a thread. */
export const module = import.meta.url;

/** What a micro agent may use for one call. */
export interface MicroLimits {
  /** Bytes of the engine's whole memory: some 6 MiB are its own, and it has at least 16 MiB. */
  readonly memoryBytes: number;
  /** Bytes of the engine's stack. */
  readonly stackBytes: number;
  /** How often the engine may stop to ask, at least 2: it does so after each 10,000 jumps back or calls. */
  readonly interrupts: number;
  /** Milliseconds by the clock. Only a guard: how far a program comes in them differs between machines. */
  readonly wallMs: number;
  /** Bytes of the output's JSON. */
  readonly outputBytes: number;
}

export type MicroLimit = 'time' | 'memory' | 'stack' | 'output';

/** How a call ended: with JSON, at a limit, or with what the program threw, as a sentence. */
export type Called =
  | { readonly kind: 'output'; readonly json: string }
  | { readonly kind: 'limit'; readonly limit: MicroLimit }
  | { readonly kind: 'threw'; readonly says: string };

/** A program in the engine. No call sees anything of another. */
export interface Engine {
  /** Calls the program with an input's JSON. */
  call(json: string): Promise<Called>;
  /** The same in a context that no call was made in before. */
  callAfresh(json: string): Promise<Called>;
  /** Leaves it. Its context is kept until another program is opened on the same thread. */
  close(): void;
}

/**
 * What is done to the global objects before the program runs, within the engine. What could differ between two
 * executions, or make code from text, is taken away; all that is left is frozen, also what only syntax leads to. The
 * program's top level is the body of a function that is entered anew for each call, so that its variables are new.
 */
const prelude = `(function (program) {
  'use strict';
  const { parse, stringify } = JSON;
  const { freeze, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Object;
  const { ownKeys } = Reflect;
  const say = String;
  delete Math.random;
  for (const name of ['eval', 'Function', 'SharedArrayBuffer', 'Atomics', 'Date', 'Promise', 'WeakRef', 'FinalizationRegistry', 'performance'])
    delete globalThis[name];
  const generator = function* () {};
  for (const maker of [function () {}, generator])
    defineProperty(getPrototypeOf(maker), 'constructor', { value: undefined, writable: false });
  const helper = [].values().map((one) => one);
  const seeds = [
    globalThis,
    generator,
    generator(),
    program,
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map().entries(),
    new Set().entries(),
    'a'.matchAll(/a/g),
    helper,
    Iterator.from({ next() {} }),
  ];
  const seen = new Set();
  const walk = (start) => {
    const open = [start];
    while (open.length > 0) {
      const one = open.pop();
      if (one === null || (typeof one !== 'object' && typeof one !== 'function') || seen.has(one)) continue;
      seen.add(one);
      freeze(one);
      open.push(getPrototypeOf(one));
      for (const key of ownKeys(one)) {
        const { value, get, set } = getOwnPropertyDescriptor(one, key);
        open.push(value, get, set);
      }
    }
  };
  for (const seed of seeds) walk(seed);
  const described = (error) => {
    try {
      return say(error).slice(0, 300);
    } catch {
      return 'something that has no words';
    }
  };
  const call = (text) => {
    try {
      const agent = program();
      const said = stringify(agent(parse(text)));
      return said === undefined ? '!It gave nothing that is JSON.' : '=' + said;
    } catch (error) {
      return '!It threw ' + described(error);
    }
  };
  walk(call);
  return call;
})`;

const intrinsics = {
  BaseObjects: true,
  Eval: true,
  StringNormalize: true,
  RegExp: true,
  RegExpCompiler: true,
  JSON: true,
  Proxy: true,
  MapSet: true,
  TypedArrays: true,
  BigInt: true,
  Date: false,
  Promise: false,
} as const;

/** An error of the program's source, as opposed to one of a call. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

let compiled: Promise<WebAssembly.Module> | undefined;
// What was used last, for the same program only: another would find its memory as this one left it.
let idle: { readonly program: string; readonly vm: Vm } | undefined;

/** Calls after which a context is made anew, so that what the engine has not collected yet does not add up. */
const mostCalls = 20_000;

/**
 * Loads a program into the engine. Its source defines a function `agent` that takes the input and returns the output.
 * A context in which the same program was called before is taken again: nothing of a call stays in it.
 *
 * @throws SourceError the source is not a script, or cannot be loaded
 */
export async function openEngine(source: string, limits: MicroLimits): Promise<Engine> {
  const program = JSON.stringify([source, limits]);
  let vm = idle?.program === program ? idle.vm : undefined;
  idle = undefined;
  const renewed = async (): Promise<Vm> => {
    const instance = vm?.close();
    vm = undefined;
    return openVm(source, limits, instance ?? (await newInstance(limits)));
  };
  const callIn = (one: Vm, json: string, interrupts: number): Called => {
    const called = one.call(json, interrupts);
    // What is left of a program that was stopped is nothing to go on with.
    vm = called.kind === 'limit' ? undefined : one;
    return called;
  };
  const callAfresh = async (json: string): Promise<Called> =>
    callIn(await renewed(), json, limits.interrupts);
  vm ??= await renewed();
  return {
    call: async (json) => {
      if (!vm || vm.calls === 0 || vm.calls >= mostCalls)
        return callIn(vm?.calls === 0 ? vm : await renewed(), json, limits.interrupts);
      // How far the engine was from its next stop depends on the calls before. So a call is stopped one stop earlier here
      // than alone, where it is then decided: whatever passes here would pass there.
      const called = callIn(vm, json, limits.interrupts - 1);
      return called.kind === 'limit' ? await callAfresh(json) : called;
    },
    callAfresh,
    close: () => {
      if (vm) idle = { program, vm };
      vm = undefined;
    },
  };
}

/** A program in a context of its own. */
interface Vm {
  /** Calls that were made in it. */
  readonly calls: number;
  call(json: string, interrupts: number): Called;
  /** Leaves the context. @returns the instance, where another context can be made in it */
  close(): QuickJSWASMModule | undefined;
}

function openVm(source: string, limits: MicroLimits, instance: QuickJSWASMModule): Vm {
  const runtime = instance.newRuntime();
  // In WebAssembly the engine does not know how large its blocks are, and counts hardly more than their number. What holds
  // the limit is the memory that the instance may grow to.
  runtime.setMemoryLimit(limits.memoryBytes);
  runtime.setMaxStackSize(limits.stackBytes);
  let interrupts = 0;
  // Nothing of the program runs before it is called.
  let most = Number.POSITIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  let stopped = false;
  runtime.setInterruptHandler(() => {
    interrupts += 1;
    stopped = interrupts >= most || performance.now() > until;
    return stopped;
  });
  const context = runtime.newContext({ intrinsics });
  const agent = load(context, source);
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    call(json, allowed) {
      calls += 1;
      interrupts = 0;
      most = allowed;
      until = performance.now() + limits.wallMs;
      stopped = false;
      try {
        const said = callWith(context, agent, json);
        if (stopped) return { kind: 'limit', limit: 'time' };
        return said === undefined ? { kind: 'limit', limit: 'memory' } : readSaid(said, limits);
      } catch (error) {
        // The engine recurses on the thread's own stack for some of its work.
        if (error instanceof RangeError) return { kind: 'limit', limit: 'stack' };
        if (error instanceof WebAssembly.RuntimeError) return { kind: 'limit', limit: 'memory' };
        throw error;
      }
    },
    close() {
      try {
        agent.dispose();
        context.dispose();
        runtime.dispose();
        return instance;
      } catch (error) {
        if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) return undefined;
        throw error;
      }
    },
  };
}

async function newInstance(limits: MicroLimits): Promise<QuickJSWASMModule> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  compiled ??= readFile(path).then((bytes) => WebAssembly.compile(bytes));
  const pages = Math.max(leastPages, Math.floor(limits.memoryBytes / pageBytes));
  // What an aborted engine says of itself is for its own developers.
  const emscriptenModule: EmscriptenModuleLoaderOptions & { printErr: () => void } = { printErr: () => {} };
  return await newQuickJSWASMModuleFromVariant(
    newVariant(sync, {
      wasmModule: await compiled,
      wasmMemory: new WebAssembly.Memory({ initial: leastPages, maximum: pages }),
      emscriptenModule,
    }),
  );
}

/** Evaluates a source, and gives the function by which it is called. */
function load(context: QuickJSContext, source: string): QuickJSHandle {
  // Alone it has to be a script, so that it cannot end the function that it is put into.
  evaluated(context, source, { compileOnly: true, strict: true }).dispose();
  const program = evaluated(
    context,
    `(function () {'use strict';\n${source}\n;if (typeof agent !== 'function') throw new TypeError('it defines no function agent');\nreturn agent;\n})`,
  );
  const freeze = evaluated(context, prelude);
  const called = context.callFunction(freeze, context.undefined, program);
  program.dispose();
  freeze.dispose();
  if (called.error) throw new SourceError(`It cannot be loaded: ${messageOf(context, called.error)}.`);
  return called.value;
}

function evaluated(
  context: QuickJSContext,
  code: string,
  options: { readonly compileOnly?: boolean; readonly strict?: boolean } = {},
): QuickJSHandle {
  const result = context.evalCode(code, 'agent.js', { type: 'global', ...options });
  if (result.error)
    throw new SourceError(`It is not a script that can be used: ${messageOf(context, result.error)}.`);
  return result.value;
}

function messageOf(context: QuickJSContext, error: QuickJSHandle): string {
  const message = context.getProp(error, 'message');
  const text = context.getString(message).slice(0, 300);
  message.dispose();
  error.dispose();
  return text;
}

/** What a call said, or undefined where not even an error could be said. */
function callWith(context: QuickJSContext, agent: QuickJSHandle, json: string): string | undefined {
  const input = context.newString(json);
  const result = context.callFunction(agent, context.undefined, input);
  input.dispose();
  if (result.error) {
    result.error.dispose();
    return undefined;
  }
  const said = context.getString(result.value);
  result.value.dispose();
  return said;
}

function readSaid(said: string, { outputBytes }: MicroLimits): Called {
  const text = said.slice(1);
  if (said[0] === '=')
    return Buffer.byteLength(text) > outputBytes
      ? { kind: 'limit', limit: 'output' }
      : { kind: 'output', json: text };
  if (text.includes('InternalError: out of memory')) return { kind: 'limit', limit: 'memory' };
  if (/(?:Internal|Syntax)Error: stack overflow/.test(text)) return { kind: 'limit', limit: 'stack' };
  return { kind: 'threw', says: text };
}
