import pc from 'picocolors';

/** Colours and weights of text; each gives back its argument where the output has no colours. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes. What it is asked for goes to `out`, all that is said about it to `err`. */
export interface Terminal {
  /** Writes to standard output and ends the line. */
  out(text: string): void;
  /** Writes to standard error and ends the line. */
  err(text: string): void;
  /** Whether standard output is a terminal that can be drawn on again. */
  readonly live: boolean;
  /** Characters in a line of standard output; 80 where it is no terminal. */
  readonly columns: number;
  /** Lines of the terminal; 24 where it is none. */
  readonly rows: number;
  readonly colors: Colors;
  readonly stream: NodeJS.WriteStream;
}

/** The terminal that this process was started in. Colours appear only in one, and never under NO_COLOR. */
export function openTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    live: stdout.isTTY === true,
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    colors: pc.createColors(stdout.isTTY === true && pc.isColorSupported),
    stream: stdout,
  };
}
