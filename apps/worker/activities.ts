import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createAgentActivities } from '../../activities/agents/index.js';
import { createConclusionActivities } from '../../activities/conclusion/index.js';
import { createCoordinationActivities } from '../../activities/coordination/index.js';
import { createDeliveryActivities } from '../../activities/delivery/index.js';
import { createEvidenceActivities } from '../../activities/evidence/index.js';
import { createIntakeActivities } from '../../activities/intake/index.js';
import { createRegistryActivities } from '../../activities/registry/index.js';
import { createVerificationActivities } from '../../activities/verification/index.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Config } from '../../libs/config/config.js';
import type { ProgramPlaces } from '../../libs/config/program-places.js';
import { roster } from '../../libs/roster/roster.js';
import type { SandboxHost } from '../../libs/sandbox/sandbox.js';
import type { Role } from './roles.js';

interface Given {
  readonly config: Config;
  /** Folder for temporary folders of this process alone. */
  readonly scratch: string;
  /** Folder of the delivered packages. */
  readonly packages: string;
  readonly program: ProgramPlaces;
  readonly store: ArtifactStore;
  readonly client: Client;
  readonly sandboxHost: SandboxHost;
}

/** The activities that a role's process serves, wired to what each of them needs and nothing more. */
export function activitiesOf(role: Role, given: Given): object {
  const { config, scratch, packages, program, store, client, sandboxHost } = given;
  const cache = join(config.cache, role);
  const inSandbox = {
    store,
    scratch,
    cache,
    sandboxHost,
    toolsFolder: program.modules,
    programsFolder: program.agents,
  };
  switch (role) {
    case 'control':
      return {
        ...createIntakeActivities({ store, scratch, roots: config.subjectRoots }),
        ...createRegistryActivities({ store, scratch, roster }),
        ...createCoordinationActivities({ store }),
        ...createEvidenceActivities({ store, client, packages, bundlePath: program.workflowBundle }),
        ...createDeliveryActivities({ store, packages }),
        ...createConclusionActivities({ store, scratch, packages }),
      };
    case 'agents':
      return createAgentActivities(inSandbox);
    case 'verify':
      return createVerificationActivities(inSandbox);
  }
}
