import type { ESLint } from 'eslint';
import type { Site } from '../../../contracts/reports/change.js';
import { fixWithBiome, type LintPlaces } from '../linters/biome.js';
import { eslintRules, fixWithEslint } from '../linters/eslint.js';
import { fixWithOxlint } from '../linters/oxlint.js';
import { biomeTool, oxlintTool, versionOf } from '../linters/tools.js';
import { cacheComputation } from '../optimisations/rules/cache-computation.js';
import { cacheLoopLength } from '../optimisations/rules/cache-loop-length.js';
import { type MendingTool, rulesByTool } from './rule-names.js';

const plugin: ESLint.Plugin = {
  rules: { 'cache-loop-length': cacheLoopLength, 'cache-computation': cacheComputation },
};

/** What is mended: rules by name, in these files only; of Heptad's own rules only the places with these keys. */
export interface Mending {
  readonly rules: readonly string[];
  readonly files: readonly string[];
  readonly sites: readonly Site['key'][];
}

/**
 * Applies the fixes of the rules to the files in place, one tool after another; of biome and oxlint only those that
 * the tool calls safe.
 *
 * @returns the tools that were used
 * @throws TaskFailure InputInvalid: a rule is of no tool that is known, or eslint has no fix of ours for it
 */
export async function mend(
  places: LintPlaces,
  { rules, files, sites }: Mending,
): Promise<{ name: string; version: string }[]> {
  const byTool = rulesByTool(rules);
  const used: { name: string; version: string }[] = [];
  for (const [tool, chosen] of byTool) used.push(await mendWith[tool](places, files, chosen, sites));
  return used;
}

type Mend = (
  places: LintPlaces,
  files: readonly string[],
  rules: readonly string[],
  sites: readonly string[],
) => Promise<{ name: string; version: string }>;

const mendWith: { readonly [Tool in MendingTool]: Mend } = {
  eslint: async ({ workspace }, files, chosen) => {
    const known = Object.entries(eslintRules(true).rules).filter(([rule]) => chosen.includes(rule));
    await fixWithEslint(workspace, files, () => ({ rules: Object.fromEntries(known) }));
    return { name: 'eslint', version: versionOf('eslint') };
  },
  biome: async (places, files, chosen) => {
    await fixWithBiome(places, files, false, chosen);
    return { name: 'biome', version: biomeTool().version };
  },
  oxlint: async (places, files, chosen) => {
    const rules = Object.fromEntries(chosen.map((rule) => [configuredName(rule), 'warn']));
    await fixWithOxlint(places, files, false, { categories: { correctness: 'off' }, rules });
    return { name: 'oxlint', version: oxlintTool().version };
  },
  heptad: async ({ workspace }, files, chosen, keys) => {
    await fixWithEslint(workspace, files, (file) => ({
      plugins: { heptad: plugin },
      rules: Object.fromEntries(
        chosen
          .filter((rule) => rule in (plugin.rules ?? {}))
          .map((rule) => [`heptad/${rule}`, ['error', { file, keys }]]),
      ),
    }));
    return { name: 'eslint with rules of heptad', version: versionOf('eslint') };
  },
};

/** Oxlint reports `eslint-plugin-unicorn(no-useless-spread)` and is configured by `unicorn/no-useless-spread`. */
function configuredName(rule: string): string {
  const [, plugin = 'eslint', name = rule] = /^(?:eslint-plugin-)?([\w-]+)\((.+)\)$/.exec(rule) ?? [];
  return `${plugin === 'typescript-eslint' ? 'typescript' : plugin}/${name}`;
}
