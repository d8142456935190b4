import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { RunRequest } from '../contracts/request.js';
import type { RunSummary } from '../contracts/run.js';
import { HeptadError } from '../protocol/errors.js';
import { queue, workflowId, workflowType } from '../protocol/names.js';
import { searchAttribute } from '../protocol/search-attributes.js';
import type { Engine } from './connect.js';
import { describeRun, runUnknown } from './describe-run.js';
import { requestDigestOf, summaryOf } from './run-summary.js';

/** Longest text that the index takes as a keyword everywhere. */
const keywordLength = 255;

/** What people and lists need to know of a run before it has begun. */
export interface RunLabels {
  /** Name of the template. */
  readonly template: string;
  /** The subject in one line, such as `npm:ejs@1.0.0`. */
  readonly subject: string;
  /** The sentence, where the request was one. */
  readonly sentence?: string | undefined;
}

/**
 * Starts `run-{id}`; what is returned has been accepted durably. Where the run exists already, open or closed, with
 * the same request, that run is the answer. Duplicates are refused by the server rather than answered with the
 * existing run, because only then is a new run known to be new without a second call.
 *
 * @returns the state of the run
 * @throws HeptadError `IdempotencyKeyReused` the run exists with another request
 * @throws HeptadError `EngineUnreachable` whether it was started is not known; the same call tells
 */
export async function startRun(
  engine: Engine,
  request: RunRequest,
  labels: RunLabels,
): Promise<RunSummary['state']> {
  try {
    await engine.call(() =>
      engine.client.workflow.start(workflowType.run, {
        workflowId: workflowId.run(request.run),
        taskQueue: queue.control,
        args: [request],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        typedSearchAttributes: new TypedSearchAttributes([
          { key: searchAttribute.run, value: request.run },
          { key: searchAttribute.tenant, value: request.tenant },
          { key: searchAttribute.template, value: labels.template },
          { key: searchAttribute.subject, value: labels.subject.slice(0, keywordLength) },
          { key: searchAttribute.request, value: request.request.digest },
          { key: searchAttribute.steering, value: 'running' },
        ]),
        staticSummary: `${labels.template}: ${labels.subject}`.slice(0, 200),
        staticDetails: details(request, labels),
      }),
    );
    return 'running';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return await existing(engine, request);
  }
}

async function existing(engine: Engine, { run, request }: RunRequest): Promise<RunSummary['state']> {
  const info = await describeRun(engine, run);
  if (!info) throw runUnknown(run);
  if (requestDigestOf(info) !== request.digest) throw keyReused(run);
  return summaryOf(info).state;
}

export const keyReused = (run: string): HeptadError =>
  new HeptadError(
    'IdempotencyKeyReused',
    `The Idempotency-Key started run ${run} with another body before. Send the same body, or another key.`,
  );

/** Markdown, for the Web UI. */
const details = (
  { run, tenant, request, from }: RunRequest,
  { template, subject, sentence }: RunLabels,
): string =>
  [
    `**Run** ${run} of tenant ${tenant}`,
    `**Template** ${template}`,
    `**Subject** \`${subject.replaceAll('`', "'").slice(0, 500)}\``,
    ...(sentence === undefined ? [] : [`**Asked** ${JSON.stringify(sentence.slice(0, 1000))}`]),
    ...(from ? [`**Goes on from** ${from.run} (${from.how})`] : []),
    `**Request** ${request.digest}`,
  ].join('\n\n');
