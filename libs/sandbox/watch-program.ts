import { setTimeout as pause } from 'node:timers/promises';
import type { DiskWatch } from './disk-watch.js';
import type { Limits } from './limits.js';
import type { SandboxEnd, SandboxLimitName, SandboxProfile } from './sandbox.js';
import type { StartedProgram } from './start-program.js';

/** What is watched while a program runs, and what to do about it. */
interface Watched {
  readonly program: StartedProgram;
  readonly limits: Limits;
  readonly disk: DiskWatch;
  readonly profile: SandboxProfile;
  readonly signal: AbortSignal | undefined;
  readonly activity: () => void;
  readonly end: (reason: SandboxEnd) => void;
}

/** Watches until `stop`; `failed` rejects when the watching itself does, and then the limits no longer hold. */
export function watchProgram(watched: Watched): { readonly failed: Promise<never>; stop(): void } {
  const { profile, signal, end } = watched;
  const stopped = new AbortController();
  const cancel = () => end({ kind: 'cancelled' });
  signal?.addEventListener('abort', cancel, { once: true });
  const clock = setTimeout(() => end({ kind: 'limit', limit: 'time' }), profile.wallMs);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  for (const watch of [watchLimits, watchDisk]) {
    watch(watched, stopped.signal).catch((error: unknown) => {
      if (!stopped.signal.aborted) failed.reject(error);
    });
  }
  return {
    failed: failed.promise,
    stop() {
      clearTimeout(clock);
      signal?.removeEventListener('abort', cancel);
      stopped.abort();
    },
  };
}

const limit = (name: SandboxLimitName): SandboxEnd => ({ kind: 'limit', limit: name });

async function watchLimits({ program, limits, activity, end }: Watched, stopped: AbortSignal): Promise<void> {
  const init = await program.init;
  if (init === undefined) return;
  let refused = 0;
  let refusing = 0;
  let cpuMs = 0;
  while (!stopped.aborted) {
    await pause(limits.interval, undefined, { signal: stopped });
    const reading = await limits.read(init);
    refusing = reading.refused > refused ? refusing + 1 : 0;
    refused = reading.refused;
    if (reading.memoryExceeded) end(limit('memory'));
    // a program that is refused once may cope; one that is refused all the time will not stop by itself
    if (refusing >= limits.patience) end(limit('processes'));
    if (reading.cpuMs !== null && reading.cpuMs > cpuMs) {
      cpuMs = reading.cpuMs;
      activity();
    }
  }
}

const diskInterval = 120;

async function watchDisk({ program, disk, profile, end }: Watched, stopped: AbortSignal): Promise<void> {
  const init = await program.init;
  let wait = diskInterval;
  while (!stopped.aborted && disk.needed) {
    await pause(wait, undefined, { signal: stopped });
    const begin = performance.now();
    const { bytes } = await disk.measure(init);
    if (bytes > profile.diskBytes) end(limit('disk'));
    // many files take long to add up: then half of the time is enough
    wait = Math.max(diskInterval, performance.now() - begin);
  }
}
