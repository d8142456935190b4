import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { connect, type Engine } from '../../libs/temporal/connect.js';

/** The configuration by which a test's server is reached. */
export const temporalConfig = ({ address, namespace }: TestWorkflowEnvironment) => ({
  address,
  external: true,
  port: 0,
  uiPort: 0,
  namespace: namespace ?? 'default',
  synchronous: 'NORMAL' as const,
});

/** Our connection to a test's server. */
export const engineOf = (environment: TestWorkflowEnvironment): Promise<Engine> =>
  connect({ temporal: temporalConfig(environment) });
