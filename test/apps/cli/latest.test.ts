import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Latest } from '../../../apps/cli/latest.js';

describe('Latest', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('works once for all that was asked for meanwhile, after the interval', async () => {
    const work = vi.fn(async () => {});
    const latest = new Latest(work, 100);
    latest.ask();
    latest.ask();
    await latest.settled();
    latest.ask();
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('does nothing more once it was stopped', async () => {
    const work = vi.fn(async () => {});
    const latest = new Latest(work, 100);
    latest.ask();
    await latest.settled();
    latest.ask();
    latest.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('tells who waits for it that the work failed', async () => {
    const latest = new Latest(() => Promise.reject(new Error('broken')), 100);
    latest.ask();
    await expect(latest.settled()).rejects.toThrow('broken');
  });
});
