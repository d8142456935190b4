import type { AgentManifest } from '../contracts/agent.js';
import { testing } from './profiles.js';

const validator = {
  version: '1.0.0',
  role: 'validator',
  domain: 'quality',
  driver: { kind: 'builtin', program: 'validator' },
  profile: testing,
  writes: false,
  comparison: 'same-test-verdicts',
  capacity: 4,
} as const;

/** Those that judge what an improver made. */
export const validators: readonly AgentManifest[] = [
  {
    ...validator,
    id: 'validator',
    title: 'Validation: tests with coverage, linters, size of the change',
    layer: 'specialist',
    capabilities: ['validate.candidate'],
    parameters: { coverage: true },
  },
  {
    ...validator,
    id: 'validator.plain',
    title: 'Validation without coverage: tests, linters, size of the change',
    layer: 'micro',
    capabilities: ['validate.candidate'],
    parameters: { coverage: false },
  },
];
