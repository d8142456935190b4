import type { AgentManifest } from '../contracts/agent.js';
import { improving, reading } from './profiles.js';

const common = {
  version: '1.0.0',
  layer: 'specialist',
  domain: 'procedure',
  driver: { kind: 'builtin', program: 'procedure' },
  comparison: 'digest',
  capacity: 4,
} as const;

/** Those that read a subject's own control files, do what they ask for by its commands, and check it. */
export const procedureAgents: readonly AgentManifest[] = [
  {
    ...common,
    id: 'procedure.read',
    title: 'Reads the control files of a subject, and says what is wrong with them',
    role: 'analyst',
    capabilities: ['read.control-files'],
    parameters: { does: 'read' },
    profile: reading,
    writes: false,
  },
  {
    ...common,
    id: 'procedure.follow',
    title: 'Does one step of a procedure, or one item of a backlog, by its command',
    role: 'improver',
    capabilities: ['follow.procedure'],
    parameters: { does: 'follow' },
    profile: improving,
    writes: true,
  },
  {
    ...common,
    id: 'procedure.check',
    title: 'Checks by their commands that all steps are done in the end',
    role: 'validator',
    capabilities: ['check.procedure'],
    parameters: { does: 'check' },
    profile: improving,
    writes: false,
  },
];
