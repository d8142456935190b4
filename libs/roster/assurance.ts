import type { AgentManifest } from '../contracts/agent.js';
import { reading, testing } from './profiles.js';

const assurer = {
  version: '1.0.0',
  role: 'assurer',
  domain: 'quality',
  profile: reading,
  writes: false,
  comparison: 'digest',
  capacity: 4,
} as const;

/**
 * Those that look at a change from a side that the validator does not see. The second of each kind does less, and so
 * fails less.
 */
export const assurance: readonly AgentManifest[] = [
  {
    ...assurer,
    id: 'assurance.complexity',
    title: 'Complexity of the change that is ahead, by the library and by what is to be changed',
    layer: 'specialist',
    domain: 'architecture',
    capabilities: ['assess.complexity'],
    driver: { kind: 'builtin', program: 'assess-complexity' },
    parameters: {},
  },
  {
    ...assurer,
    id: 'assurance.complexity.size',
    title: 'Complexity by size alone: files and lines',
    layer: 'micro',
    domain: 'architecture',
    capabilities: ['assess.complexity'],
    driver: { kind: 'builtin', program: 'assess-complexity' },
    parameters: { measures: ['files', 'lines'] },
  },
  {
    ...assurer,
    id: 'assurance.performance',
    title:
      'Load, resources and security: tests measured three times on either side, secrets, dangerous calls, size',
    layer: 'specialist',
    capabilities: ['assure.performance'],
    driver: { kind: 'builtin', program: 'assurance-performance' },
    parameters: { runs: 3 },
    profile: testing,
  },
  {
    ...assurer,
    id: 'assurance.performance.once',
    title: 'Load, resources and security by one run of the tests on either side',
    layer: 'micro',
    capabilities: ['assure.performance'],
    driver: { kind: 'builtin', program: 'assurance-performance' },
    parameters: { runs: 1 },
    profile: testing,
  },
  {
    ...assurer,
    id: 'assurance.documentation',
    title: 'Documentation: README, guides and changelog against what is exported',
    layer: 'specialist',
    domain: 'documentation',
    capabilities: ['assure.documentation'],
    driver: { kind: 'builtin', program: 'assurance-docs' },
    parameters: { guides: true },
  },
  {
    ...assurer,
    id: 'assurance.documentation.readme',
    title: 'Documentation by README and changelog alone',
    layer: 'micro',
    domain: 'documentation',
    capabilities: ['assure.documentation'],
    driver: { kind: 'builtin', program: 'assurance-docs' },
    parameters: { guides: false },
  },
  {
    ...assurer,
    id: 'assurance.end-to-end',
    title: 'End to end: packed, installed without network, every entry point loaded and compared',
    layer: 'specialist',
    capabilities: ['assure.end-to-end'],
    driver: { kind: 'builtin', program: 'assurance-end-to-end' },
    parameters: { all: true },
  },
  {
    ...assurer,
    id: 'assurance.end-to-end.main',
    title: 'End to end by the main entry point alone',
    layer: 'micro',
    capabilities: ['assure.end-to-end'],
    driver: { kind: 'builtin', program: 'assurance-end-to-end' },
    parameters: { all: false },
  },
  {
    ...assurer,
    id: 'assurance.deployment',
    title: 'Deployment: whether the package could be published, and what one would go back to',
    layer: 'specialist',
    domain: 'deployment',
    capabilities: ['assure.deployment'],
    driver: { kind: 'builtin', program: 'assurance-deployment' },
    parameters: { secrets: true },
  },
  {
    ...assurer,
    id: 'assurance.deployment.plain',
    title: 'Deployment without a search for secrets',
    layer: 'micro',
    domain: 'deployment',
    capabilities: ['assure.deployment'],
    driver: { kind: 'builtin', program: 'assurance-deployment' },
    parameters: { secrets: false },
  },
];
