import type { AgentItem, CaptureRequest, VerdictRequest } from '../../libs/contracts/activities.js';

/**
 * The dependency that an activity stands or falls with, which is what its breaker is keyed by; undefined where it
 * needs nothing but this process and the artifact store.
 */
export function dependencyOf(activity: string, args: readonly unknown[]): string | undefined {
  switch (activity) {
    case 'runAgent': {
      const [{ agent }] = args as [AgentItem];
      return `agent ${agent.id}`;
    }
    case 'judgePhase': {
      const [{ pass }] = args as [VerdictRequest];
      return `verifier ${pass}`;
    }
    case 'captureSubject': {
      const [{ source }] = args as [CaptureRequest];
      return `subjects from ${source}`;
    }
    case 'fetchDependencies':
      return 'package registry';
    default:
      return undefined;
  }
}
