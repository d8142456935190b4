import type { AcceptedRequest } from '../contracts/phase.js';
import type { ParsedRequest } from '../contracts/request.js';
import type { CapturedSubject } from '../contracts/subject.js';
import type { Template } from '../contracts/template.js';
import type { CheckResult } from './check-request.js';
import { classify } from './classify.js';

/** What ingest hands on: the request classified and routed, beside what was captured and checked. Pure. */
export const acceptedRequest = (
  request: ParsedRequest,
  captured: CapturedSubject,
  template: Template,
  checks: readonly CheckResult[],
): AcceptedRequest => ({
  kind: 'accepted',
  request,
  captured,
  classification: classify(request, captured, template),
  checks: [...checks],
});
