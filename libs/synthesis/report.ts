import type { ReportByName } from '../contracts/reports/by-name.js';
import type { ReportName } from '../contracts/template.js';
import type { Digest } from '../protocol/digest.js';

/** Every outcome that an item of a review can have, told apart by `kind`. */
export type Report = ReportByName[ReportName];
export type ReportKind = Report['kind'];

/** Who made what no agent did: the outcome of a barrier, Model D. */
export const noAgent = 'heptad';

/** One item's outcome with the bytes that its digest names, read. */
export interface Collected {
  readonly item: string;
  /** The agent's id; `noAgent` for barriers. */
  readonly agent: string;
  readonly outcome: Digest;
  readonly report: Report;
  /** The workspace that the item handed back. */
  readonly workspace: Digest | null;
  /** Candidate letter, where it belongs to one. */
  readonly candidate: string | null;
  /** The item whose workspace it worked on; null for the captured subject. */
  readonly workedOn: string | null;
}

/** A collected outcome of one kind. */
export type CollectedReport<K extends ReportKind> = Collected & {
  readonly report: Extract<Report, { kind: K }>;
};

/** The collected outcomes of one kind, in the order of their items. */
export const ofKind = <K extends ReportKind>(
  collected: readonly Collected[],
  kind: K,
): CollectedReport<K>[] => collected.filter((one): one is CollectedReport<K> => one.report.kind === kind);
