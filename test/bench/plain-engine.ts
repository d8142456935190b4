import type { Engine } from '../../libs/sandbox/wasm/engine.js';

/** Where this file is, for a thread. */
export const module = import.meta.url;

export class SourceError extends Error {}

/** The same as the sandbox's engine, without a sandbox: what the work costs in plain Node. */
export async function openEngine(source: string): Promise<Engine> {
  const agent = new Function(`${source}\nreturn agent;`)();
  const call: Engine['call'] = async (json) => {
    try {
      return { kind: 'output', json: JSON.stringify(agent(JSON.parse(json))) };
    } catch (error) {
      return { kind: 'threw', says: `It threw ${String(error)}` };
    }
  };
  return { call, callAfresh: call, close: () => {} };
}
