import type { AgentManifest } from '../contracts/agent.js';
import { improving, testing } from './profiles.js';

type Common = Omit<AgentManifest, 'id' | 'title' | 'layer' | 'parameters'>;

const common = { version: '1.0.0', domain: 'change', capacity: 4 } as const;

const analysis: Common = {
  ...common,
  role: 'analyst',
  capabilities: ['analyse.change'],
  driver: { kind: 'builtin', program: 'change-analysis' },
  profile: testing,
  writes: false,
  comparison: 'digest',
};

const implementation: Common = {
  ...common,
  role: 'improver',
  capabilities: ['implement.change'],
  driver: { kind: 'builtin', program: 'change-implementation' },
  profile: improving,
  writes: true,
  comparison: 'digest',
};

const validation: Common = {
  ...common,
  role: 'validator',
  capabilities: ['validate.change'],
  driver: { kind: 'builtin', program: 'change-validation' },
  profile: improving,
  writes: false,
  comparison: 'same-test-verdicts',
};

/** Those whose discoveries become each other's work. The second of each kind does less, and so fails less. */
export const changers: readonly AgentManifest[] = [
  {
    ...analysis,
    id: 'change.analysis',
    title: 'Analysis of a change: what linters mend, in three pieces, or whether an optimisation is safe',
    layer: 'specialist',
    parameters: { linters: ['eslint', 'biome', 'oxlint'] },
  },
  {
    ...analysis,
    id: 'change.analysis.eslint',
    title: 'Analysis of a change by what eslint mends alone',
    layer: 'micro',
    parameters: { linters: ['eslint'] },
  },
  {
    ...implementation,
    id: 'change.implementation',
    title: 'A change by the rules and in the files that it is told, kept where the tests pass',
    layer: 'specialist',
    parameters: { tools: ['eslint', 'biome', 'oxlint', 'heptad'] },
  },
  {
    ...implementation,
    id: 'change.implementation.eslint',
    title: "The same by eslint and Heptad's own rules alone",
    layer: 'micro',
    parameters: { tools: ['eslint', 'heptad'] },
  },
  {
    ...validation,
    id: 'change.validation',
    title: 'Validation of a change: tests, findings, and what could be done once instead of again and again',
    layer: 'specialist',
    parameters: { optimisations: true },
  },
  {
    ...validation,
    id: 'change.validation.plain',
    title: 'Validation of a change without looking for optimisations',
    layer: 'micro',
    parameters: { optimisations: false },
  },
];
