import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createAgentActivities } from '../../activities/agents/index.js';
import { createConclusionActivities } from '../../activities/conclusion/index.js';
import { createCoordinationActivities } from '../../activities/coordination/index.js';
import { createDeliveryActivities } from '../../activities/delivery/index.js';
import { createEvidenceActivities } from '../../activities/evidence/index.js';
import { createGraphActivities } from '../../activities/graph/index.js';
import { createIntakeActivities } from '../../activities/intake/index.js';
import { createRegistryActivities } from '../../activities/registry/index.js';
import { createVerificationActivities } from '../../activities/verification/index.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Config } from '../../libs/config/config.js';
import type { ProgramPlaces } from '../../libs/config/program-places.js';
import type { Signer } from '../../libs/crypto/signer.js';
import type { Trust } from '../../libs/crypto/trust.js';
import type { Digest } from '../../libs/protocol/digest.js';
import type { ServiceIdentity } from '../../libs/protocol/identities.js';
import { roster } from '../../libs/roster/roster.js';
import type { SandboxHost } from '../../libs/sandbox/sandbox.js';
import { verifierOf } from '../../libs/verification/verdict-problems.js';
import type { Service } from './roles.js';

export interface Given {
  readonly config: Config;
  /** Folder for temporary folders of this process alone. */
  readonly scratch: string;
  /** Folder of the delivered packages. */
  readonly packages: string;
  readonly program: ProgramPlaces;
  /** Digest of the program that runs. */
  readonly programDigest: Digest;
  readonly store: ArtifactStore;
  readonly client: Client;
  readonly sandboxHost: SandboxHost;
  /** The pinned keys, read anew each time, so that a key that is revoked is not trusted from then on. */
  readonly trust: () => Promise<Trust>;
}

/** What a worker executes, and with which identity it signs what it says of its own work. */
interface Served {
  readonly activities: object;
  readonly signer: Signer;
}

/** The activities of a service, wired to what each of them needs and nothing more; no key but its own. */
export async function activitiesOf(
  service: Service,
  given: Given,
  signerOf: (identity: ServiceIdentity) => Promise<Signer>,
): Promise<Served> {
  const { config, scratch, packages, program, store, client, sandboxHost, trust } = given;
  const cache = join(config.cache, service.role);
  const inSandbox = {
    store,
    scratch,
    cache,
    sandboxHost,
    toolsFolder: program.modules,
    programsFolder: program.agents,
  };
  switch (service.role) {
    case 'control': {
      const producer = await signerOf('producer');
      const release = await signerOf('release');
      const evidence = { store, client, packages, bundlePath: program.workflowBundle };
      return {
        signer: producer,
        activities: {
          ...createIntakeActivities({
            store,
            scratch,
            roots: config.subjectRoots,
            deliveryRoots: config.deliveryRoots,
          }),
          ...createRegistryActivities({ store, scratch, roster }),
          ...createCoordinationActivities({ store }),
          ...createGraphActivities({ store }),
          ...createEvidenceActivities({ ...evidence, producer, release, trust }),
          ...createDeliveryActivities({
            store,
            scratch,
            packages,
            release,
            trust,
            roots: config.deliveryRoots,
            s3: config.s3,
          }),
          ...createConclusionActivities({ store, scratch, packages }),
        },
      };
    }
    case 'agents':
      return { signer: await signerOf('agents'), activities: createAgentActivities(inSandbox) };
    case 'verify': {
      const { pass } = service;
      const signer = await signerOf(verifierOf(pass));
      const verifier = { pass, signer, program: given.programDigest, roots: config.subjectRoots, trust };
      return { signer, activities: createVerificationActivities({ ...inSandbox, ...verifier }) };
    }
  }
}
