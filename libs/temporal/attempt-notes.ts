import { AsyncLocalStorage } from 'node:async_hooks';
import type { SandboxInForce } from '../contracts/agent.js';

/** What an attempt says of itself while it runs; the interceptor writes it into the attempt log. */
export interface AttemptNotes {
  sandbox: SandboxInForce | null;
}

/** Carries the notes of the current attempt; entered by the activity interceptor. */
export const attemptNotes = new AsyncLocalStorage<AttemptNotes>();

/** Says which sandbox confined the program of this attempt. Outside an activity it does nothing. */
export function noteSandbox(sandbox: SandboxInForce): void {
  const notes = attemptNotes.getStore();
  if (notes) notes.sandbox = sandbox;
}
