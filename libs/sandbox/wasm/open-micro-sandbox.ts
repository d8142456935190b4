import { HeptadError } from '../../protocol/errors.js';
import { type Called, type MicroLimits, openEngine, SourceError } from './engine.js';

/** A program in QuickJS, which is in WebAssembly: it reaches nothing but its input. */
export interface MicroSandbox {
  /**
   * Calls the program: JSON in, JSON out. No call sees anything of another.
   *
   * @throws HeptadError `SandboxLimit` it went over a limit, which the message names
   * @throws HeptadError `AgentFailed` it threw, or returned what is not JSON
   */
  call(input: unknown): Promise<unknown>;
  dispose(): void;
}

/**
 * Opens a sandbox for a program. The source is a script in strict mode that defines `function agent(input)`, which
 * returns the output; its top level runs anew for each call. It has the objects of the language, all frozen, without
 * `Date`, `Math.random`, `Promise`, `eval` and `Function`.
 *
 * A call runs on the caller's thread, so only programs that are known to be short belong here; see
 * `libs/segments/execute-inputs` for others.
 *
 * @throws HeptadError `AgentFailed` the source is no such script
 */
export async function openMicroSandbox(source: string, limits: MicroLimits): Promise<MicroSandbox> {
  const engine = await openEngine(source, limits).catch((error: unknown) => {
    if (error instanceof SourceError) throw new HeptadError('AgentFailed', error.message, { cause: error });
    throw error;
  });
  return {
    call: async (input) => outputOf(await engine.call(JSON.stringify(input) ?? 'null')),
    dispose: () => engine.close(),
  };
}

function outputOf(called: Called): unknown {
  switch (called.kind) {
    case 'output':
      return JSON.parse(called.json);
    case 'limit':
      throw new HeptadError('SandboxLimit', `The program went over the limit "${called.limit}".`);
    case 'threw':
      throw new HeptadError('AgentFailed', called.says);
  }
}
