import type { AgentItem, CaptureRequest, VerdictRequest } from '../../libs/contracts/activities.js';
import type { Target } from '../../libs/contracts/delivery.js';
import { serviceOfTarget } from '../../libs/delivery/place-of.js';

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
      // What one phase's verification needs, such as a registry, the others may do without.
      const [{ pass, phase }] = args as [VerdictRequest];
      return `verifier ${pass} of ${phase}`;
    }
    case 'captureSubject': {
      const [{ source }] = args as [CaptureRequest];
      return `subjects from ${source}`;
    }
    case 'deliverTo': {
      const [{ target }] = args as [{ target: Target }];
      return `delivery to ${serviceOfTarget(target)}`;
    }
    case 'fetchDependencies':
      return 'package registry';
    default:
      return undefined;
  }
}
