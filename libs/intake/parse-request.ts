import type { ParsedRequest, StartRun } from '../contracts/request.js';
import type { Subject } from '../contracts/subject.js';
import { type TestPlan, testPlanSchema } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { parseSubject } from '../subjects/parse-subject.js';
import { inputProblems } from '../templates/input-schema.js';
import { findTemplate, type KnownTemplate } from '../templates/load.js';
import { isRelative } from './anchor-request.js';
import { parseSentence } from './parse-sentence.js';

/** The template that a sentence asks for. */
const sentenceTemplate = 'repository-review';

/** How a request names its template: by name, `name@version` or digest. */
export const templateReference = (body: StartRun): string =>
  'request' in body ? sentenceTemplate : body.template;

/**
 * Parses the body of a request: a template with its input, or one sentence. Pure, apart from reading the shipped
 * templates once; used at the edge, where it refuses before anything is stored, and by the phase ingest.
 *
 * @param known the template that the body names; of the shipped ones where it is not given
 * @throws HeptadError `TemplateUnknown`, `RequestNotUnderstood`
 * @throws HeptadError `InputInvalid` with every problem of the input as a JSON pointer into the body
 */
export function parseRequest(
  body: StartRun,
  known: KnownTemplate = findTemplate(templateReference(body)),
): ParsedRequest {
  const options = {
    ...(body.deliver ? { deliver: body.deliver } : {}),
    ...(body.resume ? { resume: body.resume } : {}),
  };
  if (!('request' in body)) return { ...parseInput(known, body.input), ...options };
  const { subject, test } = parseSentence(body.request);
  const parsed = parseInput(known, test === undefined ? { subject } : { subject, test });
  return { ...parsed, sentence: body.request, ...options };
}

function parseInput(
  { template, digest }: KnownTemplate,
  input: Readonly<Record<string, unknown>>,
): ParsedRequest {
  const problems = inputProblems(template, input).map(({ path, reason }) => ({
    path: `/input${path}`,
    reason,
  }));
  if (problems.length > 0) throw invalid(`${template.name}@${template.version}`, problems);
  if (typeof input.subject !== 'string')
    throw invalid(template.name, [
      { path: '/input/subject', reason: 'Every run needs a subject, which is a text.' },
    ]);
  const test = input.test === undefined ? undefined : readTest(template.name, input.test);
  return {
    template: { name: template.name, version: template.version, digest },
    input: { ...input },
    subject: readSubject(template.name, input.subject),
    ...(test === undefined ? {} : { test }),
  };
}

function readSubject(template: string, text: string): Subject {
  const path = '/input/subject';
  try {
    const subject = parseSubject(text);
    if (!isRelative(text)) return subject;
  } catch (error) {
    if (!(error instanceof HeptadError)) throw error;
    throw invalid(
      template,
      error.problems.map(({ reason }) => ({ path, reason })),
    );
  }
  throw invalid(template, [
    { path, reason: 'A folder or repository on this machine is named by its absolute path.' },
  ]);
}

function readTest(template: string, test: unknown): TestPlan {
  const parsed = testPlanSchema.safeParse(test);
  if (parsed.success) return parsed.data;
  throw invalid(
    template,
    parsed.error.issues.map(({ path, message }) => ({
      path: ['/input/test', ...path].join('/'),
      reason: message,
    })),
  );
}

function invalid(template: string, problems: readonly { path: string; reason: string }[]): HeptadError {
  const list = problems.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n');
  return new HeptadError('InputInvalid', `The input does not match the template ${template}:\n${list}`, {
    problems,
  });
}
