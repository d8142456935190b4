import { defineSearchAttributeKey } from '@temporalio/common';

/** The typed search attributes of `run-{id}`; registered with the namespace at start. */
export const searchAttribute = {
  run: defineSearchAttributeKey('HeptadRun', 'KEYWORD'),
  tenant: defineSearchAttributeKey('HeptadTenant', 'KEYWORD'),
  template: defineSearchAttributeKey('HeptadTemplate', 'KEYWORD'),
  subject: defineSearchAttributeKey('HeptadSubject', 'KEYWORD'),
  phase: defineSearchAttributeKey('HeptadPhase', 'KEYWORD'),
  decision: defineSearchAttributeKey('HeptadDecision', 'KEYWORD'),
  /** `running`, `waiting` (for a person), `pausing` or `paused`; what a closed run is follows from its Temporal status. */
  steering: defineSearchAttributeKey('HeptadSteering', 'KEYWORD'),
  /** SHA-256 of the accepted request: tells a repeated idempotency key from a reused one. */
  request: defineSearchAttributeKey('HeptadRequest', 'KEYWORD'),
} as const;

/** Name and indexed type of each search attribute, as the operator service wants them. */
export const searchAttributes: Readonly<Record<string, 'KEYWORD'>> = Object.fromEntries(
  Object.values(searchAttribute).map((key) => [key.name, key.type]),
);
