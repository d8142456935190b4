import type { ErrorCode } from '../../../protocol/errors.js';

/** Thrown by a program that cannot do its task: becomes the answer `failed` with this code and sentence. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}
