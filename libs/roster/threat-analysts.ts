import type { AgentManifest } from '../contracts/agent.js';
import { reading } from './profiles.js';

const analyst = {
  version: '1.0.0',
  role: 'analyst',
  domain: 'threat',
  layer: 'specialist',
  driver: { kind: 'builtin', program: 'threat' },
  profile: reading,
  writes: false,
  comparison: 'digest',
  capacity: 4,
} as const;

/**
 * Those that assess the risk of an infrastructure that a folder describes: one program, and an analysis for each.
 * Where there is a second, it takes a simpler way.
 */
export const threatAnalysts: readonly AgentManifest[] = [
  {
    ...analyst,
    id: 'document-analysis',
    title: 'Documents: what they say of the infrastructure, and whether it is so',
    capabilities: ['analyse.documents'],
    parameters: { analysis: 'document-analysis' },
  },
  {
    ...analyst,
    id: 'architectural-risk',
    title: 'Architecture: what fails together, what is open, what is configured dangerously',
    capabilities: ['analyse.architectural-risk'],
    parameters: { analysis: 'architectural-risk' },
  },
  {
    ...analyst,
    id: 'business-financial',
    title: 'Costs: what services cost, and what hangs on them',
    capabilities: ['analyse.cost'],
    parameters: { analysis: 'business-financial' },
  },
  {
    ...analyst,
    id: 'compliance-governance',
    title: 'Controls: which are met, and whether their evidence is there',
    capabilities: ['analyse.compliance'],
    parameters: { analysis: 'compliance-governance' },
  },
  {
    ...analyst,
    id: 'data-flow-analysis',
    title: 'Data: where classes of data go, and over what',
    capabilities: ['analyse.data-flow'],
    parameters: { analysis: 'data-flow-analysis' },
  },
  {
    ...analyst,
    id: 'attack-path-analyzer',
    title: 'Attack paths: from the internet to sensitive data',
    capabilities: ['analyse.attack-paths'],
    parameters: { analysis: 'attack-path-analyzer', paths: 5 },
  },
  {
    ...analyst,
    id: 'attack-path-analyzer.cheapest',
    title: 'Attack paths, the cheapest to each target alone',
    layer: 'micro',
    capabilities: ['analyse.attack-paths'],
    parameters: { analysis: 'attack-path-analyzer', paths: 1 },
  },
  {
    ...analyst,
    id: 'risk-assessment',
    title: 'Risk: the six analyses as one level, with its confidence',
    capabilities: ['assess.risk'],
    parameters: { analysis: 'risk-assessment', method: 'weighted' },
  },
  {
    ...analyst,
    id: 'risk-assessment.worst',
    title: 'Risk by the worst of the analyses alone',
    layer: 'micro',
    capabilities: ['assess.risk'],
    parameters: { analysis: 'risk-assessment', method: 'worst' },
  },
  {
    ...analyst,
    id: 'high-risk-analysis',
    title: 'High risk: the measures that cut the attack paths, by what they cut per day of work',
    capabilities: ['analyse.high-risk'],
    parameters: { analysis: 'high-risk-analysis' },
  },
  {
    ...analyst,
    id: 'low-risk-summary',
    title: 'Low risk: why it is low, and what is left to do',
    capabilities: ['summarise.low-risk'],
    parameters: { analysis: 'low-risk-summary' },
  },
  {
    ...analyst,
    id: 'standard-risk-review',
    title: 'Review: what to look at first, and what would have to be known',
    capabilities: ['review.risk'],
    parameters: { analysis: 'standard-risk-review' },
  },
  {
    ...analyst,
    id: 'threat-report',
    title: 'Report: the whole for people, after it was checked once more',
    role: 'validator',
    capabilities: ['report.threats'],
    parameters: { analysis: 'threat-report' },
  },
];
