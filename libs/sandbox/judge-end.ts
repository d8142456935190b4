import { constants } from 'node:os';
import type { Reading } from './control-group.js';
import type { DiskReading } from './disk-watch.js';
import type { SandboxEnd, SandboxProfile } from './sandbox.js';

/** All that is known when a sandbox has ended. */
export interface Evidence {
  /** Why it was ended from outside, if it was. */
  readonly reason: SandboxEnd | undefined;
  /** The exit code as shells say it; null if there is none. */
  readonly code: number | null;
  readonly reading: Reading;
  readonly disk: DiskReading;
}

/**
 * Says how a program ended; undefined when nothing explains it. A limit that the program ran into unseen counts
 * too: a process killed for its memory always, refused processes and full files when the program did not end well.
 */
export function judgeEnd(evidence: Evidence, profile: SandboxProfile): SandboxEnd | undefined {
  const { reason, code, reading, disk } = evidence;
  // what waits for a process that it could not start waits until its time is over
  if (reason?.kind === 'limit' && reason.limit === 'time' && reading.refused > 0) {
    return { kind: 'limit', limit: 'processes' };
  }
  if (reason !== undefined) return reason;
  if (reading.memoryExceeded) return { kind: 'limit', limit: 'memory' };
  if (disk.bytes > profile.diskBytes) return { kind: 'limit', limit: 'disk' };
  if (code === null) return undefined;
  const ended = endOf(code);
  if (code === 0) return ended;
  if (ended.kind === 'signalled' && ended.signal === 'SIGXFSZ') return { kind: 'limit', limit: 'disk' };
  if (reading.refused > 0) return { kind: 'limit', limit: 'processes' };
  if (disk.fullFile) return { kind: 'limit', limit: 'disk' };
  return ended;
}

const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function endOf(code: number): SandboxEnd {
  const signal = signals.get(code - 128);
  return signal === undefined ? { kind: 'exited', code } : { kind: 'signalled', signal };
}
