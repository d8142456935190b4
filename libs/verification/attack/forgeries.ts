import { executionForgeries } from './execution-forgeries.js';
import type { Forgery } from './forgery.js';
import { outcomeForgeries } from './outcome-forgeries.js';
import { workspaceForgeries } from './workspace-forgeries.js';

/** Every forgery that pass C knows; see docs/reference/verification.md. */
export const forgeries: readonly Forgery[] = [
  ...executionForgeries,
  ...outcomeForgeries,
  ...workspaceForgeries,
];
