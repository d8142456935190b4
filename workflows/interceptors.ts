import type { Payload, WorkflowInterceptors } from '@temporalio/workflow';
import { ActivityCancellationType, defaultPayloadConverter, ParentClosePolicy } from '@temporalio/workflow';
import { type CarriedSteering, Steering } from './steering.js';

const header = 'heptad-steering';

/**
 * What every workflow does in the same way: activity ids that carry meaning and are unique over a chain of
 * continued runs, pause, and waiting for what is cancelled. Ids and pause travel in a header on continue-as-new.
 */
export const interceptors = (): WorkflowInterceptors => {
  let steering = new Steering();
  return {
    inbound: [
      {
        async execute(input, next) {
          const carried: Payload | undefined = input.headers[header];
          steering = new Steering(carried && defaultPayloadConverter.fromPayload<CarriedSteering>(carried));
          steering.listen();
          return await next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          const { activityType, options } = input;
          const activityId = options.activityId ?? steering.nextId(activityType);
          const summary = options.summary ?? inWords(activityType);
          // Who cancels waits for what runs, so that nothing is left running behind its back.
          const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
          const meant = { ...options, activityId, summary, cancellationType };
          return steering.during(() => next({ ...input, options: meant }));
        },
        scheduleLocalActivity(input, next) {
          const summary = input.options.summary ?? inWords(input.activityType);
          return steering.during(() => next({ ...input, options: { ...input.options, summary } }));
        },
        async startChildWorkflowExecution(input, next) {
          // What is abandoned outlives this workflow, so it is not steered with it.
          if (input.options.parentClosePolicy === ParentClosePolicy.ABANDON) return await next(input);
          return await steering.child(input.options.workflowId, () => next(input));
        },
        async continueAsNew(input, next) {
          const carried = defaultPayloadConverter.toPayload(steering.carry());
          return await next({ ...input, headers: { ...input.headers, [header]: carried } });
        },
      },
    ],
  };
};

/** `captureSubject` as people read it: `Capture subject`. */
function inWords(verb: string): string {
  const words = verb.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
