import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { FolderLimits } from '../artifacts/snapshot/walk-folder.js';

/** What fetching and capturing need. */
export interface CaptureOptions {
  readonly store: ArtifactStore;
  /** Folder for temporary folders; each is removed again. */
  readonly scratch: string;
  /** How large the workspace may be. Default 100,000 files, links and folders, 2 GiB. */
  readonly limits?: FolderLimits;
  /** npm's cache. Default: that of the machine's user; whoever verifies has its own. */
  readonly npmCache?: string | undefined;
  /** Stops it: child processes are killed, temporary folders removed, the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called again and again while it goes on. */
  readonly heartbeat?: (() => void) | undefined;
}
