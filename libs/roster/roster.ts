import type { AgentManifest } from '../contracts/agent.js';
import { analysts } from './analysts.js';
import { assurance } from './assurance.js';
import { changers } from './changers.js';
import { implementers } from './implementers.js';
import { improvers } from './improvers.js';
import { microAgents } from './micro.js';
import { procedureAgents } from './procedure.js';
import { probing } from './profiles.js';
import { requestImprovers } from './request-improvers.js';
import { threatAnalysts } from './threat-analysts.js';
import { validators } from './validators.js';

/** Says what a program sees from within its sandbox: run before a plan relies on driver and sandbox. */
export const probe: AgentManifest = {
  id: 'probe',
  version: '1.0.0',
  title: 'Probe of driver and sandbox',
  layer: 'micro',
  role: 'probe',
  domain: 'platform',
  capabilities: ['probe'],
  driver: { kind: 'builtin', program: 'probe' },
  parameters: {},
  profile: probing,
  writes: false,
  comparison: 'digest',
  capacity: 8,
};

/**
 * The agents that Heptad ships, in the order of preference: of those with the same capability the first is chosen,
 * the others are its backups.
 */
export const roster: readonly AgentManifest[] = [
  ...analysts,
  ...improvers,
  ...implementers,
  ...validators,
  ...assurance,
  ...microAgents,
  ...requestImprovers,
  ...changers,
  ...threatAnalysts,
  ...procedureAgents,
  probe,
];
