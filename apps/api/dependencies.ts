import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { Config } from '../../libs/config/config.js';
import type { Logger } from '../../libs/telemetry/logger.js';
import type { Registry } from '../../libs/templates/registry/registered-template.js';
import type { Engine } from '../../libs/temporal/connect.js';
import type { HttpMetrics } from './metrics/http-metrics.js';

/** What the routes work with. A class, because it is also the token by which Nest injects it. */
export class Dependencies {
  /** Fires when the API stops; open streams end then. */
  readonly stopping = new AbortController();

  /** The templates of the tenant that the service works for. */
  get registry(): Registry {
    return { store: this.store, tenant: this.config.tenant };
  }

  constructor(
    readonly config: Config,
    readonly engine: Engine,
    readonly store: ArtifactStore,
    readonly logger: Logger,
    readonly metrics: HttpMetrics,
  ) {}
}
