import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openMicroSandbox } from '../../../../libs/sandbox/wasm/open-micro-sandbox.js';
import { small } from './limits.js';

let programs = 0;
/** The same program in a context that nothing was called in before: contexts are kept for the same text only. */
const anew = (source: string): string => `${source}\n// ${++programs}`;

/** What a program answers to each input, in one sandbox; an error stands for itself by its code. */
async function answers(source: string, inputs: readonly unknown[], limits = small): Promise<unknown[]> {
  const sandbox = await openMicroSandbox(source, limits);
  const said: unknown[] = [];
  for (const input of inputs)
    said.push(
      await sandbox
        .call(input)
        .catch((error: { code: string; message: string }) => `${error.code}: ${error.message}`),
    );
  sandbox.dispose();
  return said;
}

const answer = async (source: string, input: unknown = null): Promise<unknown> =>
  (await answers(source, [input]))[0];

test('a program gets JSON and returns JSON, whatever it is', async () => {
  const sandbox = await openMicroSandbox('function agent(input) { return [input]; }', small);
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      expect(await sandbox.call(value)).toEqual(JSON.parse(JSON.stringify([value])));
    }),
    { numRuns: 200 },
  );
});

test.each([
  'fetch',
  'require',
  'process',
  'global',
  'module',
  'WebAssembly',
  'XMLHttpRequest',
  'Worker',
  'setTimeout',
  'queueMicrotask',
  'console',
  'print',
  'std',
  'os',
  'scriptArgs',
  'Date',
  'Intl',
  'performance',
  'crypto',
  'Atomics',
  'SharedArrayBuffer',
  'WeakRef',
  'FinalizationRegistry',
  'Promise',
  'eval',
  'Function',
])('there is no %s', async (name) => {
  expect(await answer(`function agent(name) { return [name in globalThis, typeof ${name}]; }`, name)).toEqual(
    [false, 'undefined'],
  );
});

test.each([
  ['the constructor of this', "this.constructor.constructor('return process')()"],
  ['the constructor of an object', "({}).constructor.constructor('return process')()"],
  ['the constructor of a function', "(() => 0).constructor('return 1')()"],
  ['the constructor of a generator', "Object.getPrototypeOf(function* () {}).constructor('yield 1')()"],
  ['the constructor of an asynchronous function', "(async () => 0).constructor('return 1')()"],
  ['the constructor of an asynchronous generator', "(async function* () {}).constructor('yield 1')()"],
  ['Reflect.construct', "Reflect.construct(agent.constructor, ['return 1'])()"],
  ['the constructor of the call', "agent.caller.constructor('return 1')()"],
  ['a dynamic import', "import('node:fs')"],
  ['an indirect eval', "(0, globalThis['ev' + 'al'])('1')"],
])('%s makes no code', async (_, attempt) => {
  expect(await answer(`function agent() { ${attempt}; return 'made'; }`)).toMatch(/^AgentFailed: /);
});

test.each([
  ['a static import', "import fs from 'node:fs'; function agent() { return 1; }"],
  ['import.meta', 'function agent() { return import.meta.url; }'],
  ['an export', 'export function agent() { return 1; }'],
  ['what ends the function around it', '}); let n = 0; (function () { function agent() { return ++n; }'],
  ['what comments out the rest', 'function agent() { return 1; } /*'],
  ['no script', 'function agent( {'],
])('a source with %s is refused', async (_, source) => {
  await expect(openMicroSandbox(source, small)).rejects.toMatchObject({ code: 'AgentFailed' });
});

test('nothing can be drawn or told by a clock', async () => {
  const source = 'function agent() { return [typeof Math.random, typeof Date, new Error("x").stack]; }';
  const [one, other] = [await answer(source), await answer(source)];
  expect(one).toEqual(other);
  expect(one).toEqual(['undefined', 'undefined', expect.stringContaining('agent.js')]);
});

test.each([
  ['a variable of the script', 'let n = 0; function agent() { n += 1; return n; }'],
  ['a table of the script', 'const t = []; function agent() { t.push(1); return t.length; }'],
  ['a property of the function', 'function agent() { agent.n = (agent.n ?? 0) + 1; return agent.n; }'],
  [
    'a closure',
    'const next = (() => { let n = 0; return () => ++n; })(); function agent() { return next(); }',
  ],
  ['a class', 'class A { static n = 0; } function agent() { A.n += 1; return A.n; }'],
  [
    'a generator',
    'const g = (function* () { for (let n = 1; ; n++) yield n; })(); function agent() { return g.next().value; }',
  ],
  ['a regular expression', 'const r = /a/g; function agent() { r.test("aa"); return r.lastIndex; }'],
])('%s is new in each call', async (_, source) => {
  expect(await answers(source, [1, 2, 3])).toEqual([1, 1, 1]);
});

test.each([
  'globalThis.leak = 1',
  "Object.defineProperty(globalThis, 'leak', { value: 1 })",
  'Object.prototype.leak = 1',
  'Array.prototype.map = () => 1',
  'Function.prototype.call = 1',
  'Object.setPrototypeOf(Array.prototype, { leak: 1 })',
  'Reflect.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })',
  'Object.getPrototypeOf(function* () {}).prototype.leak = 1',
  'Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())).leak = 1',
  'Object.getPrototypeOf(new Map().keys()).leak = 1',
  'Object.getPrototypeOf("a".matchAll(/a/g)).leak = 1',
  'Object.getPrototypeOf([].values().map((x) => x)).leak = 1',
  'Object.getPrototypeOf(Int8Array).leak = 1',
  'Error.stackTraceLimit = 0; Error.stackTraceLimit.x.y',
  'JSON.parse = () => 1',
  'String = 1',
  'delete globalThis.Array',
  'undeclared = 1',
])('no call can change what the next one finds: %s', async (change) => {
  const source = `function agent(first) { if (first) { ${change}; return 'changed'; } return 'reached'; }`;
  const [changing, next] = await answers(source, [true, false]);
  expect(changing).toMatch(/^AgentFailed: It threw /);
  expect(next).toBe('reached');
});

test('everything that a program can reach is frozen, and no setter keeps anything', async () => {
  const source = `
    function agent() {
      const seen = new Set();
      const open = [];
      const problems = [];
      for (const one of [globalThis, [][Symbol.iterator](), new Map().keys(), new Set().keys(), ''[Symbol.iterator](),
        function* () {}, Object.getPrototypeOf((function* () {})()), 'a'.matchAll(/a/g), [].values().map((x) => x), Iterator.from({ next() {} }),
        new Proxy({}, {}), class {}, /a/, new Error('x'), ((x) => x)\`a\`])
        open.push([one === globalThis ? 'globalThis' : 'of ' + typeof one, one === globalThis ? one : Object.getPrototypeOf(one)]);
      const template = ((strings) => strings)\`a\`;
      open.push(['template', template]);
      while (open.length > 0) {
        const [path, one] = open.pop();
        if (one === null || (typeof one !== 'object' && typeof one !== 'function') || seen.has(one)) continue;
        seen.add(one);
        if (!Object.isFrozen(one)) problems.push(path);
        open.push([path + '.[[Prototype]]', Object.getPrototypeOf(one)]);
        for (const key of Reflect.ownKeys(one)) {
          const found = Object.getOwnPropertyDescriptor(one, key);
          const place = path + '.' + String(key);
          for (const part of [found.value, found.get, found.set]) open.push([place, part]);
        }
      }
      return { reached: seen.size, problems };
    }`;
  const found = await answers(source, [null], { ...small, interrupts: 1000 });
  expect(found).toEqual([{ reached: expect.any(Number), problems: [] }]);
  const [{ reached } = { reached: 0 }] = found as { reached: number }[];
  expect(reached).toBeGreaterThan(300);
});

test('a call after others answers as it would alone', async () => {
  const source = `
    const seen = new Map();
    function agent({ text, times }) {
      seen.set(text, (seen.get(text) ?? 0) + 1);
      let sum = 0;
      for (let n = 0; n < times; n += 1) sum += n;
      if (text.includes('!')) throw new RangeError(text);
      return { sum, seen: [...seen], words: text.split(' ') };
    }`;
  const input = fc.record({ text: fc.string(), times: fc.integer({ min: 0, max: 100_000 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(input, { minLength: 2, maxLength: 6 }), async (inputs) => {
      const together = await answers(source, inputs);
      const alone: unknown[] = [];
      for (const one of inputs) alone.push(...(await answers(anew(source), [one])));
      expect(together).toEqual(alone);
    }),
    { numRuns: 15 },
  );
});

const loop = (times: string): string =>
  `function agent(input) { let n = 0; while (n < ${times}) n += 1; return n; }`;

test.each([
  ['time', 'an endless loop', loop('Infinity')],
  ['time', 'an endless loop that catches', 'function agent() { for (;;) try { for (;;); } catch {} }'],
  [
    'time',
    'a regular expression that goes back',
    'function agent() { return /(a+)+b/.test("a".repeat(40)); }',
  ],
  [
    'memory',
    'a list that grows',
    'function agent() { const l = []; for (;;) l.push("x".repeat(10000) + l.length); }',
  ],
  ['memory', 'one large buffer', 'function agent() { return new Uint8Array(1e9).length; }'],
  ['stack', 'endless recursion', 'function agent(input) { return agent(input) + 1; }'],
  ['output', 'a large output', 'function agent() { return "x".repeat(20000); }'],
])('over the limit of %s: %s', async (limit, _, source) => {
  expect(await answer(source)).toBe(`SandboxLimit: The program went over the limit "${limit}".`);
});

test('nested deeper than the stack is deep ends that call alone', async () => {
  const source = `
    function agent(deep) {
      let list = [];
      for (let n = 0; n < deep; n += 1) list = [list];
      return deep > 1 ? list : 'well';
    }`;
  const [first, second] = await answers(source, [30_000, 0], { ...small, interrupts: 1000 });
  expect(first).toMatch(/^SandboxLimit: /);
  expect(second).toBe('well');
});

test('the least that may be granted is enough for a short call', async () => {
  const least = { ...small, interrupts: 2, wallMs: 1 };
  expect(await answers('function agent(n) { return n + 1; }', [1, 2], least)).toEqual([2, 3]);
});

test('after a limit the next call is as good as any', async () => {
  const source = 'function agent(bad) { while (bad); return "well"; }';
  expect(await answers(source, [false, true, false, true, true, false])).toEqual([
    'well',
    expect.stringMatching(/^SandboxLimit/),
    'well',
    expect.stringMatching(/^SandboxLimit/),
    expect.stringMatching(/^SandboxLimit/),
    'well',
  ]);
});

test('whether a call is over the limit of time does not depend on the calls before it', async () => {
  const source = loop('input');
  const passes = async (times: number): Promise<boolean> =>
    typeof (await answer(anew(source), times)) === 'number';
  let [most, over] = [1000, 1_000_000];
  while (over - most > 1) {
    const middle = Math.floor((most + over) / 2);
    if (await passes(middle)) most = middle;
    else over = middle;
  }
  for (const before of [1, 3000, 7777])
    expect(await answers(source, [before, before, most, before, over])).toEqual([
      before,
      before,
      most,
      before,
      expect.stringMatching(/^SandboxLimit/),
    ]);
});

test.each([
  ['nothing', 'function agent() {}'],
  ['a function', 'function agent() { return () => 1; }'],
  ['a circle', 'function agent() { const a = {}; a.a = a; return a; }'],
  ['a big integer', 'function agent() { return 1n; }'],
  ['what cannot be said', 'function agent() { throw { toString() { throw 1; } }; }'],
  ['an error', 'function agent() { throw new RangeError("too much"); }'],
  ['no agent', 'const other = 1;'],
])('a program that gives %s has failed', async (_, source) => {
  expect(await answer(source)).toMatch(/^AgentFailed: It (?:threw|gave) /);
});
