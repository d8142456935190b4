import type { Template, TemplateBudget } from '../contracts/template.js';
import type { Body } from './expected-report.js';

/**
 * What a body may take: as it says itself, and as its category says where it says nothing. Undefined where neither says
 * anything, and for what no agent does in a sandbox of its own.
 */
export function budgetOf(
  template: Template,
  { budget, category, work }: Pick<Body, 'budget' | 'category' | 'work'>,
): TemplateBudget | undefined {
  if (work.kind !== 'agent') return undefined;
  const all = { ...template.categories[category]?.budget, ...budget };
  return Object.keys(all).length === 0 ? undefined : all;
}
