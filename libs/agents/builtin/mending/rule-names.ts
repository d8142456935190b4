import { TaskFailure } from '../answer/task-failure.js';

/** Tools whose rules can be mended: the linters, and Heptad's own rules for what is done again and again. */
export const mendingTools = ['eslint', 'biome', 'oxlint', 'heptad'] as const;
export type MendingTool = (typeof mendingTools)[number];

/** A rule with its tool, as parameters name it: `eslint/no-var`, `biome/lint/style/useConst`, `heptad/cache-computation`. */
export const ruleName = (tool: string, rule: string): string => `${tool}/${rule}`;

/**
 * Rules by their tool.
 *
 * @throws TaskFailure InputInvalid: a name has no tool that is known
 */
export function rulesByTool(names: readonly string[]): ReadonlyMap<MendingTool, readonly string[]> {
  const rules = new Map<MendingTool, string[]>();
  for (const name of names) {
    const tool = mendingTools.find((one) => name.startsWith(`${one}/`));
    if (tool === undefined)
      throw new TaskFailure(
        'InputInvalid',
        `The rule "${name.slice(0, 100)}" begins with none of ${mendingTools.join(', ')}.`,
      );
    rules.set(tool, [...(rules.get(tool) ?? []), name.slice(tool.length + 1)]);
  }
  return rules;
}
