import { CheckList } from '../check-list.js';
import type { Judge, Judged } from '../judged.js';

/** Ends a judgement: one failed check is a rejection, whatever the others say. */
class Rejected extends Error {
  constructor(readonly says: string) {
    super(says);
  }
}

class UntilRejected extends CheckList {
  override add(check: string, ok: boolean, says: string): void {
    super.add(check, ok, says);
    if (!ok) throw new Rejected(`${check}: ${says}`);
  }
}

/** The first check by which a judge rejects a forgery; null where it accepts it. */
export async function rejectionBy(judge: Judge, forged: Judged): Promise<string | null> {
  const checks = new UntilRejected();
  try {
    // What was forged has digests of its own; what was verified before stays verified.
    await judge({ ...forged, verified: new Set(forged.verified) }, checks);
  } catch (error) {
    if (error instanceof Rejected) return error.says;
    throw error;
  }
  return checks.passed ? null : 'nothing could be checked';
}
