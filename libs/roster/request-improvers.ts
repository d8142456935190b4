import type { AgentManifest } from '../contracts/agent.js';
import { reading } from './profiles.js';

const step = {
  version: '1.0.0',
  layer: 'specialist',
  domain: 'requests',
  driver: { kind: 'builtin', program: 'request' },
  profile: reading,
  comparison: 'digest',
  capacity: 4,
} as const;

/** The four steps that make a specification of a request. The last one writes it in the request's place. */
export const requestImprovers: readonly AgentManifest[] = [
  {
    ...step,
    id: 'request.deconstruct',
    title: 'Request: its parts, each with its place',
    role: 'analyst',
    capabilities: ['request.deconstruct'],
    parameters: { step: 'deconstruct' },
    writes: false,
  },
  {
    ...step,
    id: 'request.diagnose',
    title: 'Request: what is vague, contradictory, missing or ambiguous',
    role: 'analyst',
    capabilities: ['request.diagnose'],
    parameters: { step: 'diagnose' },
    writes: false,
  },
  {
    ...step,
    id: 'request.develop',
    title: 'Request: the specification, with open questions for what is missing',
    role: 'analyst',
    capabilities: ['request.develop'],
    parameters: { step: 'develop' },
    writes: false,
  },
  {
    ...step,
    id: 'request.deliver',
    title: 'Request: the specification written, and checked as the request was',
    role: 'improver',
    capabilities: ['request.deliver'],
    parameters: { step: 'deliver' },
    writes: true,
  },
];
