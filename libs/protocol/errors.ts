import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/** What the one table says of a code: HTTP status at the edge, whether Temporal retries it, and its sentence. */
export interface ErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly says: string;
}

/** The one table of errors. HTTP status, exit code, retryability and `docs/reference/errors.md` follow from it. */
export const errors = {
  AgentFailed: { status: 500, retryable: false, says: 'The agent ended without a result that can be used.' },
  AgentUnknown: { status: 404, retryable: false, says: 'No agent has this id.' },
  ApiUnreachable: { status: 503, retryable: true, says: 'The Heptad service could not be reached.' },
  ArchiveDeleted: {
    status: 410,
    retryable: false,
    says: 'The archive of the run was deleted, because it was older than archives are kept.',
  },
  ArtifactCorrupt: {
    status: 500,
    retryable: false,
    says: 'The stored bytes do not have the digest that names them.',
  },
  ArtifactTooLarge: {
    status: 413,
    retryable: false,
    says: 'The artifact is larger than its reader accepts.',
  },
  ArtifactUnknown: {
    status: 404,
    retryable: false,
    says: 'The artifact store has no artifact with this digest.',
  },
  Blocked: {
    status: 409,
    retryable: false,
    says: 'The decision on the run is BLOCK, so nothing was delivered.',
  },
  BodyTooLarge: {
    status: 413,
    retryable: false,
    says: 'The request body is larger than the service accepts.',
  },
  CheckpointNotPassed: {
    status: 422,
    retryable: false,
    says: 'A checkpoint did not pass, so nothing behind it was started.',
  },
  CircuitOpen: {
    status: 503,
    retryable: true,
    says: 'The dependency failed repeatedly; it is tried again later.',
  },
  CollectionExpired: {
    status: 422,
    retryable: false,
    says: 'It had no result when the time of the consolidation that waited for it was over.',
  },
  ConditionFalse: {
    status: 422,
    retryable: false,
    says: 'Its condition does not hold, so it was not done.',
  },
  ConfigurationInvalid: { status: 500, retryable: false, says: 'A setting in the environment is not valid.' },
  ContentTypeUnsupported: {
    status: 415,
    retryable: false,
    says: 'The request body must be sent as application/json.',
  },
  DataFolderInUse: { status: 500, retryable: false, says: 'Another local stack uses the data folder.' },
  DataFolderNewer: {
    status: 500,
    retryable: false,
    says: 'The data folder was written by a newer version of Heptad.',
  },
  DeliveryConflict: {
    status: 409,
    retryable: false,
    says: 'Something else was delivered where the package should go.',
  },
  DeliveryOvertaken: {
    status: 409,
    retryable: true,
    says: 'Something else was written to the same place meanwhile; the delivery is tried again.',
  },
  DeliveryRefused: {
    status: 422,
    retryable: false,
    says: 'The place that the package should be delivered to does not accept it.',
  },
  DependencyUnreachable: {
    status: 503,
    retryable: true,
    says: 'A dependency could not be reached or started.',
  },
  EngineUnreachable: { status: 503, retryable: true, says: 'The Temporal server could not be reached.' },
  EvidenceInvalid: {
    status: 500,
    retryable: false,
    says: 'The records of a run do not count: one is not signed by the producer, or they are no chain.',
  },
  GarbageUnsafe: {
    status: 409,
    retryable: false,
    says: 'What runs need cannot be known, so nothing was deleted.',
  },
  IdempotencyKeyMissing: {
    status: 400,
    retryable: false,
    says: 'A request that creates needs an Idempotency-Key header.',
  },
  IdempotencyKeyReused: {
    status: 409,
    retryable: false,
    says: 'The Idempotency-Key was used before with another body.',
  },
  InputInvalid: { status: 400, retryable: false, says: 'The input does not match what is expected.' },
  IntegrityMismatch: {
    status: 422,
    retryable: false,
    says: 'The bytes fetched are not the ones that were named.',
  },
  ItemUnknown: {
    status: 404,
    retryable: false,
    says: 'The run has no item with this id.',
  },
  JsonInvalid: { status: 400, retryable: false, says: 'The body is not valid JSON.' },
  KeyConflict: {
    status: 409,
    retryable: false,
    says: 'A key is pinned in another way than it is given now.',
  },
  KeyFileExposed: {
    status: 500,
    retryable: false,
    says: 'A private key can be read by others than its owner, so it is not used.',
  },
  KeyFileInvalid: {
    status: 500,
    retryable: false,
    says: 'A file that should hold a private key does not.',
  },
  KeyListInvalid: {
    status: 400,
    retryable: false,
    says: 'A list of public keys cannot be used.',
  },
  KeyNotPinned: {
    status: 500,
    retryable: false,
    says: 'The private key is not the one that is pinned for its identity.',
  },
  KeyUnknown: {
    status: 404,
    retryable: false,
    says: 'No such key is known.',
  },
  MergeConflict: {
    status: 409,
    retryable: false,
    says: 'Changes that were made side by side cannot be merged.',
  },
  NoAgent: {
    status: 422,
    retryable: false,
    says: 'No eligible agent has the capability that an item asks for.',
  },
  NoTests: { status: 422, retryable: false, says: 'The subject has no tests that can be run.' },
  NotDone: {
    status: 500,
    retryable: false,
    says: 'The work does not meet its done definition.',
  },
  NotNeeded: {
    status: 422,
    retryable: false,
    says: 'It stood by for another item, which did not need it.',
  },
  NothingToContinue: {
    status: 409,
    retryable: false,
    says: 'The run left no work that another run could do.',
  },
  NothingToDecide: {
    status: 409,
    retryable: false,
    says: 'The item does not wait for this decision.',
  },
  NothingToWaive: {
    status: 409,
    retryable: false,
    says: 'The phase does not wait for a waiver.',
  },
  OriginRefused: {
    status: 403,
    retryable: false,
    says: 'The Host or Origin of the request is not one that is served.',
  },
  OutcomeUnknown: {
    status: 500,
    retryable: false,
    says: 'An effect may or may not have happened; it was not repeated.',
  },
  PackageUnknown: {
    status: 422,
    retryable: false,
    says: 'The package registry has no such package or version.',
  },
  PointUnknown: {
    status: 404,
    retryable: false,
    says: 'The run has no rollback point with this id.',
  },
  PortInUse: { status: 500, retryable: false, says: 'Another program uses the port.' },
  RateLimited: { status: 429, retryable: true, says: 'Too many requests; try again later.' },
  RequestNotUnderstood: {
    status: 400,
    retryable: false,
    says: 'The sentence could not be parsed into a request.',
  },
  ResultsMissing: {
    status: 422,
    retryable: false,
    says: 'A consolidation lacks results that nobody waived, so nothing behind it was started.',
  },
  ReviewExpired: {
    status: 408,
    retryable: false,
    says: 'Nobody reviewed the result in time.',
  },
  ReviewRejected: {
    status: 422,
    retryable: false,
    says: 'A person rejected the result.',
  },
  RouteUnknown: { status: 404, retryable: false, says: 'No such route.' },
  RunClosed: { status: 409, retryable: false, says: 'The run has ended, so it cannot be steered any more.' },
  RunOpen: { status: 409, retryable: true, says: 'The run has not ended yet.' },
  RunUnknown: { status: 404, retryable: false, says: 'No run has this id.' },
  SandboxLimit: {
    status: 422,
    retryable: false,
    says: 'The program went over a limit of its sandbox and was ended.',
  },
  SandboxUnavailable: {
    status: 503,
    retryable: false,
    says: 'No isolating sandbox is available, so no program is run.',
  },
  SealRefused: {
    status: 409,
    retryable: false,
    says: 'The evidence of the run does not hold, so it is not sealed.',
  },
  SetupIncomplete: {
    status: 500,
    retryable: false,
    says: 'Something that Heptad needs on this machine is missing.',
  },
  SkippedByPerson: {
    status: 422,
    retryable: false,
    says: 'A person decided that it is not done.',
  },
  SubjectInvalid: { status: 422, retryable: false, says: 'The subject cannot be used.' },
  SubjectNotAllowed: {
    status: 403,
    retryable: false,
    says: 'The folder is not below a root that is allowed for subjects.',
  },
  SubjectUnknown: { status: 422, retryable: false, says: 'The subject does not exist or cannot be read.' },
  SubjectUnstable: { status: 409, retryable: true, says: 'Files changed while the subject was captured.' },
  TemplateArchived: {
    status: 409,
    retryable: false,
    says: 'The template is archived, so no run is started from it.',
  },
  TemplateExists: {
    status: 409,
    retryable: false,
    says: 'There is a template with this name, or this version of it.',
  },
  TemplateInvalid: {
    status: 422,
    retryable: false,
    says: 'The template cannot be used; the problems say where and why.',
  },
  TemplateUnknown: { status: 404, retryable: false, says: 'No template has this name and version.' },
  TimedOut: { status: 504, retryable: false, says: 'It was not done within its time, retries included.' },
  Unauthorized: { status: 401, retryable: false, says: 'The request carries no valid token.' },
  Unexpected: {
    status: 500,
    retryable: true,
    says: 'Something failed that was not foreseen; the message says where.',
  },
  UsageInvalid: { status: 400, retryable: false, says: 'The command line is not valid.' },
  VerdictInvalid: {
    status: 500,
    retryable: false,
    says: 'A verdict does not count: it is not signed by its verifier, or it is of something else.',
  },
  VerificationFailed: { status: 422, retryable: false, says: 'A verifier rejected the result of a phase.' },
  WaiverInvalid: {
    status: 422,
    retryable: false,
    says: 'The waiver does not count: it is not signed by a registered person, or it is for something else.',
  },
  WorkerStopping: {
    status: 503,
    retryable: true,
    says: 'The worker stopped before the work was done; another attempt does it.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** Whether a string is a code of the table. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);

/** One place where input is wrong: a JSON pointer (or a flag, a line) and the reason as a sentence. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

/**
 * The one error that Heptad throws on purpose. `message` says what, where and what to do;
 * status and retryability follow from the code.
 */
export class HeptadError extends Error {
  override readonly name = 'HeptadError';
  readonly code: ErrorCode;
  /** Every problem found, not only the first; empty where the message says it all. */
  readonly problems: readonly Problem[];
  /** Whether Temporal tries again: as the table says, unless an item's policy says otherwise. */
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message?: string,
    options: { problems?: readonly Problem[]; cause?: unknown; retryable?: boolean } = {},
  ) {
    super(message ?? errors[code].says, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
    this.retryable = options.retryable ?? errors[code].retryable;
  }
}

/** Codes of what is waited for: Temporal tries again, and nobody needs to be told. */
const awaited: ReadonlySet<ErrorCode> = new Set(['RunOpen']);

/** The failure by which an activity or workflow ends with a code; `details[0]` is the list of problems. */
export function failureOf(error: HeptadError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !error.retryable,
    details: [error.problems],
    ...(awaited.has(error.code) ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
