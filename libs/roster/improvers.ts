import type { AgentManifest } from '../contracts/agent.js';
import { improving } from './profiles.js';

/** What all have that change code by fixes, and are compared by the digest of what they hand back. */
export const improver = {
  version: '1.0.0',
  role: 'improver',
  domain: 'code',
  driver: { kind: 'builtin', program: 'improver' },
  profile: improving,
  writes: true,
  comparison: 'digest',
  capacity: 4,
} as const;

/** Those that change the subject, each by the fixes of one tool. The careful ones apply fewer. */
export const improvers: readonly AgentManifest[] = [
  {
    ...improver,
    id: 'improver.biome',
    title: 'Improvement by every fix of biome',
    layer: 'specialist',
    capabilities: ['improve.biome'],
    parameters: { strategy: 'biome' },
  },
  {
    ...improver,
    id: 'improver.biome.careful',
    title: 'Improvement by the fixes that biome calls safe',
    layer: 'micro',
    capabilities: ['improve.biome'],
    parameters: { strategy: 'biome', careful: true },
  },
  {
    ...improver,
    id: 'improver.oxlint',
    title: 'Improvement by every fix and suggestion of oxlint',
    layer: 'specialist',
    capabilities: ['improve.oxlint'],
    parameters: { strategy: 'oxlint' },
  },
  {
    ...improver,
    id: 'improver.oxlint.careful',
    title: 'Improvement by the fixes that oxlint calls safe, of its default rules',
    layer: 'micro',
    capabilities: ['improve.oxlint'],
    parameters: { strategy: 'oxlint', careful: true },
  },
  {
    ...improver,
    id: 'improver.eslint',
    title: "Improvement by eslint's fixes: recommended rules and modern style",
    layer: 'specialist',
    capabilities: ['improve.eslint'],
    parameters: { strategy: 'eslint' },
  },
  {
    ...improver,
    id: 'improver.eslint.careful',
    title: "Improvement by the fixes of eslint's recommended rules",
    layer: 'micro',
    capabilities: ['improve.eslint'],
    parameters: { strategy: 'eslint', careful: true },
  },
];
