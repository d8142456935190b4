import type { StartRun } from '../contracts/request.js';
import { HeptadError } from '../protocol/errors.js';
import { parseSubject } from '../subjects/parse-subject.js';
import { titleOf } from '../subjects/title-of.js';
import { parseSentence } from './parse-sentence.js';

// Deeper than any accepted subject can climb, so that a way up does not end at the same root.
const [here, there] = ['/a', '/b'].map((name) => name.repeat(1000));

/** Whether what a subject stands for depends on the folder that one is in. Of what is no subject, nothing does. */
export function isRelative(subject: string): boolean {
  try {
    return titleOf(parseSubject(subject, here)) !== titleOf(parseSubject(subject, there));
  } catch (error) {
    if (error instanceof HeptadError) return false;
    throw error;
  }
}

/**
 * A request with the subject's relative path made absolute, for a person who is in a folder; other requests as they
 * are. What is accepted means the same in every process.
 *
 * @param base the folder that the path starts from; absolute
 * @throws HeptadError `RequestNotUnderstood`
 */
export function anchorRequest(body: StartRun, base: string): StartRun {
  if ('request' in body) {
    const { subject, place } = parseSentence(body.request);
    if (!isRelative(subject)) return body;
    const [from, to] = place;
    const anchored = JSON.stringify(titleOf(parseSubject(subject, base)));
    return { ...body, request: `${body.request.slice(0, from)}${anchored}${body.request.slice(to)}` };
  }
  const { subject } = body.input;
  if (typeof subject !== 'string' || !isRelative(subject)) return body;
  return { ...body, input: { ...body.input, subject: titleOf(parseSubject(subject, base)) } };
}
