import type { CheckPart, PackageCheck } from '../contracts/package-check.js';
import { HeptadError } from '../protocol/errors.js';

/** Problems of one check that are named; the others are counted. */
const named = 20;

/** Collects what the checks find, in their order. */
export class Findings {
  readonly checks: PackageCheck[] = [];

  /** A check that is proven where there are no problems: then `looked` says what was looked at. */
  add(part: CheckPart, check: string, looked: string, problems: readonly string[]): void {
    const more = problems.length > named ? [`And ${problems.length - named} more.`] : [];
    const [first] = problems;
    this.checks.push({
      part,
      check,
      state: first === undefined ? 'proven' : 'failed',
      says: first ?? looked,
      problems: [...problems.slice(0, named), ...more],
    });
  }

  /** A check that nothing here can decide. */
  cannot(part: CheckPart, check: string, says: string): void {
    this.checks.push({ part, check, state: 'not-checkable', says, problems: [] });
  }

  /** A check whose looking may find that something cannot be read, which fails it. */
  async look<T>(
    part: CheckPart,
    check: string,
    looked: string,
    look: (problems: string[]) => Promise<T> | T,
  ): Promise<T | undefined> {
    const problems: string[] = [];
    try {
      const found = await look(problems);
      this.add(part, check, looked, problems);
      return found;
    } catch (error) {
      this.add(part, check, looked, [...problems, sentenceOf(error)]);
      return undefined;
    }
  }

  /** Whether a check was made and holds. */
  proves(check: string): boolean {
    return this.checks.some((one) => one.check === check && one.state === 'proven');
  }

  get failed(): readonly PackageCheck[] {
    return this.checks.filter(({ state }) => state === 'failed');
  }
}

/** What a package makes a reader throw is the package's fault: none of it is ours to begin with. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof HeptadError)) return error instanceof Error ? error.message : String(error);
  const places = error.problems.slice(0, 5).map(({ path, reason }) => `${path || '/'}: ${reason}`);
  return [error.message, ...places].join(' ');
}
