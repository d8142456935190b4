import type { Finding } from './template-problem.js';

/** What was found so far. */
export class Findings {
  readonly problems: Finding[] = [];
  readonly warnings: Finding[] = [];

  problem(path: string, reason: string, offset?: number): void {
    this.problems.push({ path, reason, offset });
  }

  warn(path: string, reason: string, offset?: number): void {
    this.warnings.push({ path, reason, offset });
  }
}
