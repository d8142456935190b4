import type { Discovery } from '../contracts/discovery.js';

/** Who asks for discoveries. */
export interface Viewer {
  /** Whether it is the run itself that looks at its discoveries, or somebody on its behalf. */
  readonly ownRun: boolean;
  /** Whether it belongs to the run's tenant. */
  readonly sameTenant: boolean;
  readonly labels: readonly string[];
  /** Its time, ISO 8601. */
  readonly at: string;
}

/**
 * Whether a discovery may be shown to somebody (A4-53). What is private is shown to its own run alone, so it is handed
 * on to no other run.
 */
export function visibleTo(
  { visibility }: Pick<Discovery, 'visibility'>,
  { ownRun, sameTenant, labels, at }: Viewer,
): boolean {
  switch (visibility.kind) {
    case 'public':
      return true;
    case 'private':
      return ownRun;
    case 'tenant':
      return sameTenant;
    case 'labelled':
      return visibility.labels.some((label) => labels.includes(label));
    case 'after':
      return Date.parse(at) >= Date.parse(visibility.at);
  }
}
