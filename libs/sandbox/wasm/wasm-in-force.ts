import type { SandboxInForce } from '../../contracts/agent.js';
import type { MicroLimits } from './engine.js';

/** What confines a micro agent: the engine itself, which has nothing but the program and its input. */
export const wasmInForce = ({
  memoryBytes,
  stackBytes,
  interrupts,
  wallMs,
}: MicroLimits): SandboxInForce => ({
  kind: 'wasm',
  isolation: 'QuickJS in WebAssembly',
  memory: `${memoryBytes} bytes, by the engine`,
  time: `${interrupts} interrupts, by the engine; ${wallMs} ms, by a clock`,
  stack: `${stackBytes} bytes, by the engine`,
  network: 'none',
});
