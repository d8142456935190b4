import { lintWithBiome } from '../linters/biome.js';
import { eslintRules, lintWithEslint } from '../linters/eslint.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { unsuppressed } from '../linters/unsuppressed.js';
import { ruleName, rulesByTool } from '../mending/rule-names.js';
import { findSites } from '../optimisations/sites.js';
import type { Places } from '../subject/places.js';

/** The rules that each file breaks, once for each finding; of Heptad's own only the places with these keys count. */
export async function brokenRules(
  places: Places,
  files: readonly string[],
  rules: readonly string[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tools = rulesByTool(rules);
  const shown = unsuppressed(places, files);
  const findings = [
    ...(tools.has('eslint') ? await lintWithEslint(places.workspace, files, eslintRules(true)) : []),
    ...(tools.has('biome') ? await lintWithBiome(shown, files) : []),
    ...(tools.has('oxlint') ? await lintWithOxlint(shown, files) : []),
  ].map(({ tool, rule, file }) => ({ name: ruleName(tool, rule), file: file ?? '' }));
  const sites = tools.has('heptad') ? await findSites(places.workspace, files) : [];
  const all = [
    ...findings,
    ...sites
      .filter(({ key }) => keys.includes(key))
      .map(({ rule, file }) => ({ name: ruleName('heptad', rule), file })),
  ].filter(({ name }) => rules.includes(name));
  const counted = new Map<string, string[]>();
  for (const { name, file } of all) counted.set(file, [...(counted.get(file) ?? []), name]);
  return counted;
}
