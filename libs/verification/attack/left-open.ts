import type { PhaseName } from '../../protocol/phases.js';
import type { FaultKind } from './seeded-faults.js';

/**
 * What neither pass A nor pass B can tell, by the place where an output has it: facts that only the producer saw, and
 * what agents declare not to be compared. See docs/reference/verification.md.
 */
const places: Readonly<Record<PhaseName, readonly RegExp[]>> = {
  ingest: [/^\/captured\/(?:snapshot|commit)\b/],
  assign: [/^\/health\//, /^\/probes\b/, /^\/dependencies\b/, /^\/capacity\b/],
  execute: [
    /^\/results\/\d+\/(?:summary|measurements|cached)\b/,
    /^\/results\/\d+\/outcome\//,
    /^\/unfinished\b/,
    /^\/graph\/items\b/,
  ],
  coordinate: [],
  verify: [],
  deliver: [],
  conclude: [/^\/cleaned\b/, /^\/agents\/\d+\/(?:recent|health)\b/],
};

/** The order of items and results says nothing. */
const unordered = /^\/(?:results|unfinished|graph\/items)$/;

/** Whether a fault that neither pass saw is one of those that neither can see. */
export const isLeftOpen = (phase: PhaseName, pointer: string, kind: FaultKind): boolean =>
  places[phase].some((place) => place.test(pointer)) ||
  (phase === 'execute' && kind === 'entries-exchanged' && unordered.test(pointer));
