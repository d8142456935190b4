import type { FactValue } from '../contracts/condition.js';
import type { Discovery } from '../contracts/discovery.js';
import type { Template } from '../contracts/template.js';
import { evaluate } from '../graph/conditions/evaluate.js';
import { parsedCondition } from '../graph/conditions/parsed-condition.js';
import { factIn } from '../templates/fact-in.js';

/** Where discoveries of a kind go whose template says nothing else (A4-34). */
export const defaultRoutes: Template['routes'] = [
  {
    name: 'to-be-analysed',
    when: "discovery.kind IN ['optimisation', 'performance', 'security']",
    category: 'analysis',
  },
  { name: 'to-be-mended', when: "discovery.kind IN ['bug', 'documentation']", category: 'implementation' },
  { name: 'to-be-validated', when: "discovery.kind == 'test-failure'", category: 'validation' },
];

/** The category of a discovery, and the name of the route that decided it; null where the discovery names it. */
export function routeOf(
  discovery: Discovery,
  routes: Template['routes'],
): { readonly category: string | null; readonly route: string | null } {
  if (discovery.category !== undefined) return { category: discovery.category, route: null };
  const route = [...routes, ...defaultRoutes].find(
    ({ when }) => evaluate(parsedCondition(when), (path) => discoveryFact(discovery, path)) === true,
  );
  return { category: route?.category ?? null, route: route?.name ?? null };
}

/** A fact of a discovery, as conditions name it: `discovery.kind`, `discovery.tags`, `discovery.parameters.x`. */
export function discoveryFact(
  discovery: Discovery,
  [root, ...names]: readonly string[],
): FactValue | undefined {
  return root === 'discovery' ? factIn(discovery, names) : undefined;
}
