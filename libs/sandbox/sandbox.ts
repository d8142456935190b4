/** What a program may use. Every limit is for the whole sandbox, not for each of its processes, unless it says so. */
export interface SandboxProfile {
  /** Memory in bytes, with what /tmp and /dev/shm hold. Beyond it the sandbox ends by the limit `memory`. */
  readonly memoryBytes: number;
  /** Processes and threads at one time. Node alone has about a dozen threads. */
  readonly processes: number;
  /** Milliseconds from start to end. */
  readonly wallMs: number;
  /**
   * Bytes on disk in all writable folders together, what was there before included; each file counts as at
   * least 1 KiB. Looked at about eight times a second, so a fast writer is over it for a moment.
   */
  readonly diskBytes: number;
  /** Bytes of standard output and standard error that are kept, both together. */
  readonly outputBytes: number;
  /** Size of one file in bytes, enforced by the kernel. */
  readonly fileBytes: number;
  /** Share of all the machine's processors together, in percent. Default: no limit. */
  readonly cpuPercent?: number;
  /** No network: a loopback device of its own, and nothing else. */
  readonly network: 'none';
}

/** A file or folder of the host that the program sees. */
export interface Mount {
  /** Absolute path on the host. If writable: a folder, not a symbolic link, that shares no hard links with anything. */
  readonly source: string;
  /** Absolute path inside; not `/`, and not in a folder that the sandbox makes itself (/proc, /dev, /etc, /usr …). */
  readonly target: string;
  readonly writable: boolean;
}

/** One program to run, and all that it gets. */
export interface SandboxCommand {
  /** The program (an absolute path inside, or a name found on its PATH) and its arguments. */
  readonly command: readonly string[];
  /** Absolute path inside. */
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Default: empty. */
  readonly stdin?: string | Uint8Array;
  readonly profile: SandboxProfile;
  /** Ends the sandbox; the outcome is then `cancelled`, not an exception. */
  readonly signal?: AbortSignal;
  /** Called when the program wrote output, or used processor time since it was last looked at. */
  readonly onActivity?: () => void;
}

export type SandboxLimitName = 'memory' | 'processes' | 'time' | 'disk' | 'output';

/** How the program ended. Exit codes above 128 are what shells say of a signal, and are reported as one. */
export type SandboxEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'limit'; readonly limit: SandboxLimitName }
  | { readonly kind: 'cancelled' };

export interface SandboxOutcome {
  readonly ended: SandboxEnd;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Whether output was cut at `outputBytes`. */
  readonly truncated: boolean;
  readonly usage: {
    readonly wallMs: number;
    /** User and system time; null where nothing could measure it before the end. */
    readonly cpuMs: number | null;
    readonly peakMemoryBytes: number | null;
  };
  readonly inForce: SandboxInForce;
}

/** What isolated the program and held its limits, as found and used on this machine; it goes into records. */
export interface SandboxInForce {
  readonly kind: 'process';
  /** `bubblewrap VERSION`. */
  readonly isolation: string;
  /** `dedicated uid N` (Heptad runs as root) or `user namespace`. */
  readonly user: string;
  readonly memory: 'cgroup v1' | 'cgroup v2' | 'systemd scope' | 'watchdog';
  readonly processes: 'cgroup' | 'rlimit';
  readonly disk: 'watchdog + file size limit';
  /** What holds the share of the processors; left out where the profile has none. */
  readonly cpu?: 'cgroup v1' | 'cgroup v2' | 'systemd scope' | 'not limited';
  readonly network: 'none';
}

/** Where sandboxes are made. */
export interface SandboxHost {
  /** Path of bubblewrap, as `findBubblewrap` gives it; undefined means there is none, and no program is run. */
  readonly bubblewrap: string | undefined;
  /** `watchdog`: do not use cgroups, also where they are writable. Default: the first that works. */
  readonly limits?: 'watchdog';
}
