import type { MicroLimits } from '../../../../libs/sandbox/wasm/engine.js';

/** Limits that a test can reach soon. */
export const small: MicroLimits = {
  memoryBytes: 16 * 1024 * 1024,
  stackBytes: 128 * 1024,
  interrupts: 10,
  wallMs: 10_000,
  outputBytes: 10_000,
};
