import type { temporal } from '@temporalio/proto';
import { type ErrorCode, errors, isErrorCode } from '../protocol/errors.js';

type ProtoFailure = temporal.api.failure.v1.IFailure;

/** Why something ended, for people: a code of the table (or `Cancelled`, `Terminated`) and a sentence. */
export interface ReadFailure {
  readonly code: string;
  readonly message: string;
}

/** The code and sentence of a failure in a history: those of the outermost cause that carries a code of the table. */
export function readFailure(failure: ProtoFailure | null | undefined): ReadFailure {
  for (let cause = failure; cause; cause = cause.cause) {
    const message = cause.message ?? '';
    const type = cause.applicationFailureInfo?.type;
    if (type) return { code: isErrorCode(type) || type === 'Cancelled' ? type : 'Unexpected', message };
    if (cause.canceledFailureInfo) return { code: 'Cancelled', message: 'It was cancelled.' };
    if (cause.timeoutFailureInfo) return { code: 'TimedOut', message: message || says('TimedOut') };
    if (cause.terminatedFailureInfo)
      return { code: 'Terminated', message: 'It was terminated from outside.' };
  }
  return { code: 'Unexpected', message: failure?.message ?? says('Unexpected') };
}

const says = (code: ErrorCode): string => errors[code].says;
