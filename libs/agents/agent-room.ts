import type { SandboxHost } from '../sandbox/sandbox.js';

/** Where agents are executed. All folders are absolute. */
export interface AgentRoom {
  readonly sandboxHost: SandboxHost;
  /** The folder for temporary folders; each is gone when its execution ends. */
  readonly scratch: string;
  /** Folder where installed packages are kept, written out once and mounted read-only. Whoever verifies has its own. */
  readonly cache: string;
  /** Heptad's own `node_modules`, where the programs find their tools. */
  readonly toolsFolder: string;
  /** The folder of the built programs, `NAME.mjs`. */
  readonly programsFolder: string;
}
