import type { Execution } from '../contracts/phase.js';
import type { Standing, Synthesis } from '../contracts/reports/synthesis.js';
import type { Template } from '../contracts/template.js';
import type { HandedOn } from './handed-on.js';
import type { Collected } from './report.js';
import type { ScoresByItem } from './verification-score.js';

/** What a check of bytes found. */
export interface Checked {
  readonly ok: boolean;
  /** What was looked at, or what is wrong. */
  readonly says: string;
}

/** What a judgement is made from. */
export interface Judged {
  readonly arrived: readonly Collected[];
  readonly graph: Execution['graph'];
  readonly unfinished: Execution['unfinished'];
  /** The workspaces that the work ends with; looked at where nothing competes. */
  readonly handedOn: readonly HandedOn[];
  /** Whether the template has the subject's tests run. */
  readonly tests: boolean;
  readonly synthesis: Synthesis;
  readonly weights: Template['fitness'];
  /** What verifiers found of each item. */
  readonly scores: ScoresByItem;
  /** Whether the captured subject, to which one would go back, is whole. */
  readonly rollback: Checked;
  /** Whether a result brings no secret that was not there before; asked of what would be delivered, where it was changed. */
  readonly secretsOf: (result: Pick<Standing, 'item' | 'workspace'>) => Promise<Checked>;
}
