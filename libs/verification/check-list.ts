import type { z } from 'zod';
import type { checkSchema } from '../contracts/evidence.js';
import { type ErrorCode, HeptadError } from '../protocol/errors.js';

/** Codes that say that what was to be judged is not what it has to be. Any other error is the verifier's own. */
const faults: ReadonlySet<ErrorCode> = new Set([
  'AgentFailed',
  'AgentUnknown',
  'ArtifactCorrupt',
  'ArtifactTooLarge',
  'ArtifactUnknown',
  'Blocked',
  'InputInvalid',
  'IntegrityMismatch',
  'NoAgent',
  'NoTests',
  'PackageUnknown',
  'RequestNotUnderstood',
  'SandboxLimit',
  'SubjectInvalid',
  'SubjectNotAllowed',
  'SubjectUnknown',
  'TemplateUnknown',
]);

/** Longest sentence of a check, in characters. */
const longest = 2000;
/** Problems of one check that are named; the others are counted. */
const named = 10;

/** Collects the checks of a pass in their order. */
export class CheckList {
  readonly checks: z.infer<typeof checkSchema>[] = [];

  /** Whether every check so far is ok; false where there is none. */
  get passed(): boolean {
    return this.checks.length > 0 && this.checks.every(({ ok }) => ok);
  }

  /** Adds a check. */
  add(check: string, ok: boolean, says: string): void {
    const bounded = says.length > longest ? `${says.slice(0, longest - 1)}…` : says;
    this.checks.push({ check: check.slice(0, 200), ok, says: bounded });
  }

  /** Adds a check that is ok where there are no problems: then it says what was looked at. */
  problems(check: string, looked: string, problems: readonly string[]): void {
    const more = problems.length > named ? ` And ${problems.length - named} more.` : '';
    if (problems.length === 0) this.add(check, true, looked);
    else this.add(check, false, problems.slice(0, named).join(' ') + more);
  }

  /**
   * Adds what `look` finds as a check. What cannot be read is a failed check, too.
   *
   * @returns what `look` gives, or undefined where it could not
   */
  async attempt<T>(
    check: string,
    looked: string,
    look: (problems: string[]) => Promise<T> | T,
  ): Promise<T | undefined> {
    const problems: string[] = [];
    try {
      const found = await look(problems);
      this.problems(check, looked, problems);
      return found;
    } catch (error) {
      this.problems(check, looked, [...problems, faultOf(error)]);
      return undefined;
    }
  }
}

/**
 * The sentence of an error that is the judged thing's fault.
 *
 * @throws the error itself where it is not, so that the pass is tried again
 */
export function faultOf(error: unknown): string {
  if (!(error instanceof HeptadError) || !faults.has(error.code)) throw error;
  const places = error.problems.slice(0, named).map(({ path, reason }) => `${path || '/'}: ${reason}`);
  return [error.message, ...places].join(' ');
}
