import type { SandboxProfile } from '../contracts/agent.js';

const mebibyte = 1024 * 1024;

/** For programs that read and report: linters take a few threads and some memory per processor. */
export const reading: SandboxProfile = {
  memoryBytes: 1024 * mebibyte,
  processes: 128,
  wallMs: 90_000,
  diskBytes: 256 * mebibyte,
  fileBytes: 64 * mebibyte,
  outputBytes: 16 * mebibyte,
  network: 'none',
};

/** For programs that run the subject's own tests: what those need is not ours to know, so it is more. */
export const testing: SandboxProfile = {
  memoryBytes: 2048 * mebibyte,
  processes: 256,
  wallMs: 240_000,
  diskBytes: 1024 * mebibyte,
  fileBytes: 256 * mebibyte,
  outputBytes: 16 * mebibyte,
  network: 'none',
};

/** For improvers: a repair runs the tests again and again, once per part of the change. */
export const improving: SandboxProfile = { ...testing, wallMs: 480_000 };

/** For the probe, which has to be cheap. */
export const probing: SandboxProfile = {
  memoryBytes: 256 * mebibyte,
  processes: 64,
  wallMs: 15_000,
  diskBytes: 16 * mebibyte,
  fileBytes: 16 * mebibyte,
  outputBytes: 1 * mebibyte,
  network: 'none',
};

/** For one call of a micro agent. Its time is a guard by the clock; what counts is how often the engine stops to ask. */
export const calling: SandboxProfile = {
  memoryBytes: 16 * mebibyte,
  processes: 1,
  wallMs: 10_000,
  diskBytes: 1,
  fileBytes: 1,
  outputBytes: 64 * 1024,
  network: 'none',
};
