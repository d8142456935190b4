import { type Classification, type Layer, layers } from '../contracts/request.js';
import type { Template } from '../contracts/template.js';
import { needsAgent } from '../graph/needs-agent.js';

interface RoutingRule {
  readonly layer: Layer;
  readonly says: string;
  readonly fires: (template: Template, kind: Pick<Classification, 'category' | 'complexity'>) => boolean;
}

const hasAgents = ({ items }: Template): boolean => items.some(({ work }) => needsAgent(work.kind));
const barriers = ({ items }: Template): boolean => items.some(({ work }) => !needsAgent(work.kind));

/** Which layers a request needs, from the top down; assign takes agents from these layers alone. */
const rules: readonly RoutingRule[] = [
  {
    layer: 'cecca',
    says: 'it is highly complex, or orchestrates agents',
    fires: (_, { category, complexity }) =>
      complexity === 'highly complex' || category === 'agent orchestration',
  },
  {
    layer: 'board',
    says: 'it is highly complex, or operates a system',
    fires: (_, { category, complexity }) =>
      complexity === 'highly complex' || category === 'system operation',
  },
  {
    layer: 'executive',
    says: 'it is complex: its work must be divided',
    fires: (_, { category, complexity }) =>
      category === 'complex' || complexity === 'complex' || complexity === 'highly complex',
  },
  { layer: 'stack-chief', says: 'reports of several agents are consolidated or checked', fires: barriers },
  { layer: 'specialist', says: 'items ask for an expert agent', fires: hasAgents },
  { layer: 'micro', says: 'an agent that does less stands in where an expert fails', fires: hasAgents },
];

/** The layers that a request is routed to, top down, and the rule by which each was. */
export function route(
  template: Template,
  kind: Pick<Classification, 'category' | 'complexity'>,
): { layers: Layer[]; reasons: string[] } {
  const fired = rules.filter((rule) => rule.fires(template, kind));
  return {
    layers: layers.filter((layer) => fired.some((rule) => rule.layer === layer)),
    reasons: fired.map(({ layer, says }) => `layer ${layer}: ${says}`),
  };
}
