import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { SandboxHost } from '../../libs/sandbox/sandbox.js';

export interface VerificationDependencies {
  readonly store: ArtifactStore;
  readonly sandboxHost: SandboxHost;
  /** Folder of the temporary folders of work in progress. Absolute. */
  readonly scratch: string;
  /** Folder of this role alone where installed packages are kept. Absolute. */
  readonly cache: string;
  /** Heptad's own `node_modules`, where the agents' programs find their tools. */
  readonly toolsFolder: string;
  /** The folder of the agents' built programs. */
  readonly programsFolder: string;
}
