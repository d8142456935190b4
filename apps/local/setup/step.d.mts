/** Does a piece of set-up and shows on standard error what it is and how long it takes. */
export function step<T>(title: string, work: () => Promise<T>): Promise<T>;
/** Says a line on standard error. */
export function say(line: string): void;
