/** Takes a lock that vanishes with this process; undefined where another process holds it. */
export function tryLock(name: string): Promise<(() => void) | undefined>;
/** Runs some work under that lock; `onWait` is called once where another process holds it. */
export function withLock<T>(name: string, onWait: () => void, work: () => Promise<T>): Promise<T>;
