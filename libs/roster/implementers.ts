import type { AgentManifest } from '../contracts/agent.js';
import { improving } from './profiles.js';

/** Keeps of its changes those with which every test still passes: the item after it works on what it hands back. */
const implementer = {
  version: '1.0.0',
  role: 'improver',
  domain: 'code',
  driver: { kind: 'builtin', program: 'improver' },
  profile: improving,
  writes: true,
  comparison: 'digest',
  capacity: 4,
} as const;

/** Those that change one part of the subject, tested as they go, one part after the other. */
export const implementers: readonly AgentManifest[] = [
  {
    ...implementer,
    id: 'improver.core',
    title: "Implementation of the core: eslint's recommended rules and modern style on the critical path",
    layer: 'specialist',
    capabilities: ['implement.core'],
    parameters: { scope: 'core', strategy: 'eslint', narrow: true },
  },
  {
    ...implementer,
    id: 'improver.core.careful',
    title: "Implementation of the core by eslint's recommended rules",
    layer: 'micro',
    capabilities: ['implement.core'],
    parameters: { scope: 'core', strategy: 'eslint', careful: true, narrow: true },
  },
  {
    ...implementer,
    id: 'improver.integration',
    title: 'Implementation of the integration: every fix of oxlint where the library meets the world',
    layer: 'specialist',
    capabilities: ['implement.integration'],
    parameters: { scope: 'integration', strategy: 'oxlint', narrow: true },
  },
  {
    ...implementer,
    id: 'improver.integration.careful',
    title: 'Implementation of the integration by the fixes that oxlint calls safe',
    layer: 'micro',
    capabilities: ['implement.integration'],
    parameters: { scope: 'integration', strategy: 'oxlint', careful: true, narrow: true },
  },
  {
    ...implementer,
    id: 'improver.support',
    title: 'Implementation of the support: every fix of biome on the rest of the library',
    layer: 'specialist',
    capabilities: ['implement.support'],
    parameters: { scope: 'support', strategy: 'biome', narrow: true },
  },
  {
    ...implementer,
    id: 'improver.support.careful',
    title: 'Implementation of the support by the fixes that biome calls safe',
    layer: 'micro',
    capabilities: ['implement.support'],
    parameters: { scope: 'support', strategy: 'biome', careful: true, narrow: true },
  },
];
