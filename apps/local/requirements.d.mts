/** One thing that is needed of a machine, and what was found. */
export interface Requirement {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly needed: string;
  /** What to do where it is missing. */
  readonly remedy: string;
}

/** The versions that are pinned in `engine/`. */
export const pins: {
  readonly go: string;
  readonly cli: string;
  readonly server: string;
  readonly testServer: string;
  readonly java: string;
  readonly oldestServer: string;
};

/** By which a package of Debian or a relative is fetched and unpacked. */
export const packageTools: readonly string[];

/** `command` needs the runtime alone, `stack` also the engine and the sandbox, `test` also the test server. */
export type Purpose = 'command' | 'stack' | 'test';

export function cacheFolder(environment: NodeJS.ProcessEnv): string;
/** Where each fetched thing is in the cache: a folder, complete when it has a `record.json`. */
export function cacheItems(cache: string): {
  readonly engine: string;
  readonly testServer: string;
  readonly bubblewrap: string;
  readonly fsverity: string;
  readonly capnproto: string;
};
/** The file of a program on the PATH. */
export function onPath(program: string, environment: NodeJS.ProcessEnv): string | undefined;
/** Whether a version is at least another one. */
export function atLeast(version: string, least: string): boolean;
/** A `temporal` on the PATH with the version of its server. */
export function engineOnPath(
  environment: NodeJS.ProcessEnv,
): Promise<{ file: string; server: string; usable: boolean } | undefined>;
/** Everything that a purpose needs of this machine, with what was found. */
export function checkRequirements(options: {
  readonly purpose: Purpose;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the download of the servers was tried and failed; otherwise it is asked where that decides. */
  readonly downloadFailed?: boolean;
}): Promise<Requirement[]>;
/** What is missing, as one message. */
export function missing(requirements: readonly Requirement[]): string | undefined;
/** Whether the SDK's own download can be tried. Behind a proxy that cannot be told without trying. */
export function downloadAnswers(environment: NodeJS.ProcessEnv): Promise<boolean>;
