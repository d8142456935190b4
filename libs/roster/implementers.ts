import type { AgentManifest } from '../contracts/agent.js';
import { improver } from './improvers.js';

/**
 * Those that change one part of the subject, tested as they go, one part after the other: of their changes they keep those
 * with which every test still passes, and the item after them works on what they hand back.
 */
export const implementers: readonly AgentManifest[] = [
  {
    ...improver,
    id: 'improver.core',
    title: "Implementation of the core: eslint's recommended rules and modern style on the critical path",
    layer: 'specialist',
    capabilities: ['implement.core'],
    parameters: { scope: 'core', strategy: 'eslint', narrow: true },
  },
  {
    ...improver,
    id: 'improver.core.careful',
    title: "Implementation of the core by eslint's recommended rules",
    layer: 'micro',
    capabilities: ['implement.core'],
    parameters: { scope: 'core', strategy: 'eslint', careful: true, narrow: true },
  },
  {
    ...improver,
    id: 'improver.integration',
    title: 'Implementation of the integration: every fix of oxlint where the library meets the world',
    layer: 'specialist',
    capabilities: ['implement.integration'],
    parameters: { scope: 'integration', strategy: 'oxlint', narrow: true },
  },
  {
    ...improver,
    id: 'improver.integration.careful',
    title: 'Implementation of the integration by the fixes that oxlint calls safe',
    layer: 'micro',
    capabilities: ['implement.integration'],
    parameters: { scope: 'integration', strategy: 'oxlint', careful: true, narrow: true },
  },
  {
    ...improver,
    id: 'improver.support',
    title: 'Implementation of the support: every fix of biome on the rest of the library',
    layer: 'specialist',
    capabilities: ['implement.support'],
    parameters: { scope: 'support', strategy: 'biome', narrow: true },
  },
  {
    ...improver,
    id: 'improver.support.careful',
    title: 'Implementation of the support by the fixes that biome calls safe',
    layer: 'micro',
    capabilities: ['implement.support'],
    parameters: { scope: 'support', strategy: 'biome', careful: true, narrow: true },
  },
];
