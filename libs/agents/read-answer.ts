import { z } from 'zod';
import { type AgentAnswer, agentAnswerSchema } from '../contracts/agent.js';
import { reportSchemas } from '../contracts/reports/by-name.js';
import type { ReportName } from '../contracts/template.js';
import { errors, HeptadError, isErrorCode } from '../protocol/errors.js';
import type { SandboxOutcome } from '../sandbox/sandbox.js';

/** The reports that agents make, by their kind. */
const { synthesis: _, checkpoint: __, segment: ___, ...reports } = reportSchemas;

export type ReportKind = Exclude<ReportName, 'synthesis' | 'checkpoint' | 'segment'>;

/** Bytes of an answer beyond which it is refused: 16 MiB. */
const largest = 16 * 1024 * 1024;

type Done = Extract<AgentAnswer, { status: 'done' }>;

/**
 * Reads the answer of an agent that ended in its own time. An agent is not trusted: its answer has to have the form
 * of the contract, and a report of ours that of the report's.
 *
 * @param expects the kind of report that the item asks for; undefined takes any
 * @throws HeptadError the code that a failed answer names, where it is one that is not retried; `AgentFailed` for
 *   every other end, with the end of what it wrote to standard error
 */
export function readAnswer(agent: string, outcome: SandboxOutcome, expects: ReportKind | undefined): Done {
  const { ended, stdout, stderr } = outcome;
  const fail = (reason: string): HeptadError =>
    new HeptadError('AgentFailed', `The agent ${agent} ${reason}. ${tail(stderr)}`);
  if (ended.kind === 'signalled') throw fail(`was ended by the signal ${ended.signal}`);
  if (ended.kind === 'exited' && ended.code !== 0) throw fail(`ended with exit code ${ended.code}`);
  if (outcome.truncated || stdout.length > largest) throw fail('gave an answer that is too large');
  const parsed = agentAnswerSchema.safeParse(jsonOf(stdout));
  if (!parsed.success) throw fail(`gave no answer that could be read (${firstIssue(parsed.error)})`);
  const answer = parsed.data;
  if (answer.status === 'failed') {
    // A code that is retried is for Heptad to give: an agent could keep a run alive with it.
    const code = isErrorCode(answer.code) && !errors[answer.code].retryable ? answer.code : 'AgentFailed';
    throw new HeptadError(code, `The agent ${agent} could not do its task: ${answer.message}`);
  }
  const lacking = reportProblem(answer.outcome, expects);
  if (lacking !== undefined) throw fail(lacking);
  return answer;
}

/**
 * Why an outcome is not the report that it has to be, as the end of a sentence; undefined where it is.
 *
 * @param expects the kind of report that the item asks for; undefined takes any
 */
export function reportProblem(
  outcome: Readonly<Record<string, unknown>>,
  expects: ReportKind | undefined,
): string | undefined {
  const kind = expects ?? kindOf(outcome);
  const report = kind === undefined ? undefined : reports[kind].safeParse(outcome);
  return report?.success === false
    ? `gave no report of the kind ${kind} (${firstIssue(report.error)})`
    : undefined;
}

function kindOf(outcome: Readonly<Record<string, unknown>>): ReportKind | undefined {
  const { kind } = outcome;
  return typeof kind === 'string' && Object.hasOwn(reports, kind) ? (kind as ReportKind) : undefined;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'no reason' : `/${issue.path.join('/')}: ${issue.message}`.slice(0, 300);
}

function tail(stderr: Buffer): string {
  const said = stderr
    .toString('utf8')
    .replace(/[^\P{C}\n]/gu, '')
    .trim()
    .slice(-1000)
    .toWellFormed();
  return said === '' ? 'It wrote nothing to standard error.' : `It wrote: ${said}`;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
