/** The seven phases, in their order. */
export const phaseNames = [
  'ingest',
  'assign',
  'execute',
  'coordinate',
  'verify',
  'deliver',
  'conclude',
] as const;

export type PhaseName = (typeof phaseNames)[number];

/** 1 for ingest up to 7 for conclude. */
export const phaseNumber = (phase: PhaseName): number => phaseNames.indexOf(phase) + 1;
