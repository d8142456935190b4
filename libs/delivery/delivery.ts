import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Target } from '../contracts/delivery.js';
import type { PackageContents, ToDeliver } from '../packaging/package-contents.js';

/** A package on its way to a target. */
export interface Delivery<Where extends Target = Target> extends ToDeliver {
  readonly target: Where;
  readonly contents: PackageContents;
}

export type FolderTarget = Extract<Target, { kind: 'folder' }>;
export type BucketTarget = Extract<Target, { kind: 's3' }>;
export type BranchTarget = Extract<Target, { kind: 'git' }>;

/** What delivering needs. */
export interface DeliveryTools {
  readonly store: ArtifactStore;
  /** Folder for temporary folders. Absolute. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** What is at the target now. */
export interface Delivered {
  /** As `DeliveryReceipt` has it. */
  readonly location: string;
  readonly written: string;
}

/** How the names of the entries begin in which deliveries of a run remember what they do. */
export const deliveryPrefix = (run: string): string => `deliveries/${run}/`;

/** The entry in which a delivery remembers what its next attempt must not do differently. */
export function deliveryEntryName({ run, record, target }: Omit<Delivery, 'contents'>): string {
  const key = createHash('sha256').update(canonicalJson({ record: record.digest, target }));
  return `${deliveryPrefix(run)}${key.digest('hex')}.json`;
}
