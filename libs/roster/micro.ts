import type { AgentManifest } from '../contracts/agent.js';
import { calling } from './profiles.js';

const limits = { interrupts: 100, stackBytes: 128 * 1024 } as const;

const micro = {
  version: '1.0.0',
  layer: 'micro',
  parameters: {},
  profile: calling,
  writes: false,
  comparison: 'digest',
  capacity: 4,
} as const;

/** Those that do one small thing to one input, and are executed on thousands of them. */
export const microAgents: readonly AgentManifest[] = [
  {
    ...micro,
    id: 'log-line',
    title: 'A line of a log: level, source, and the message with what varies taken out',
    role: 'classifier',
    domain: 'operations',
    capabilities: ['classify.log-line'],
    driver: {
      ...limits,
      kind: 'micro',
      program: 'classify-log-line',
      source: '5b3f3e5731bb07c7bf62163caeae09e5a159ba89eba0f384b1c861ed878934b1',
      outcome: {
        type: 'object',
        required: ['level', 'source', 'template', 'variables'],
        additionalProperties: false,
        properties: {
          level: { enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'] },
          source: { anyOf: [{ type: 'string', maxLength: 100 }, { type: 'null' }] },
          template: { type: 'string', maxLength: 500 },
          variables: { type: 'integer', minimum: 0 },
        },
      },
    },
  },
  {
    ...micro,
    id: 'dependency-spec',
    title: 'A dependency of package.json: of which package, from where, which versions',
    role: 'normaliser',
    domain: 'dependencies',
    capabilities: ['normalise.dependency'],
    driver: {
      ...limits,
      kind: 'micro',
      program: 'normalise-dependency',
      source: '703f36906aa104cde3608e2f058853a4831ac8fa54c5cec028ad46644e0dc696',
      outcome: {
        type: 'object',
        required: ['name', 'kind', 'range'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 300 },
          kind: { enum: ['version', 'range', 'tag', 'git', 'archive', 'folder', 'workspace'] },
          range: { type: 'string', maxLength: 2000 },
          from: { type: 'string', maxLength: 2000 },
          alias: { type: 'string', maxLength: 300 },
        },
      },
    },
  },
];

/** Says what a micro program can reach: run before a plan relies on driver and sandbox. */
export const microProbe: AgentManifest = {
  ...micro,
  id: 'micro-probe',
  title: 'Probe of the sandbox of micro agents',
  role: 'probe',
  domain: 'platform',
  capabilities: ['probe.micro'],
  driver: {
    ...limits,
    kind: 'micro',
    program: 'probe',
    source: '72b0a0a57c7e825cee8e0848a6469a69a35928481444360389de93afc943174c',
    outcome: {
      type: 'object',
      required: ['reached'],
      additionalProperties: false,
      properties: { reached: { type: 'array', items: { type: 'string' } } },
    },
  },
};
