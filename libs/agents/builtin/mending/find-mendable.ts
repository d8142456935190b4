import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '../../../contracts/reports/finding.js';
import { fixWithBiome, type LintPlaces, lintWithBiome } from '../linters/biome.js';
import { eslintRules, lintWithEslint } from '../linters/eslint.js';
import { sortFindings } from '../linters/finding.js';
import { fixWithOxlint, lintWithOxlint } from '../linters/oxlint.js';

/**
 * The findings that a linter mends by itself, with fixes that it calls safe. Eslint says which; with biome and oxlint it
 * is tried on a copy, and what is not found there any more counts.
 */
export async function findMendable(
  places: LintPlaces,
  files: readonly string[],
  linters: readonly string[],
): Promise<Finding[]> {
  const eslint = () => lintWithEslint(places.workspace, files, eslintRules(true));
  const biome = () => tried(places, files, lintWithBiome, (copy) => fixWithBiome(copy, files, false));
  const oxlint = () => tried(places, files, lintWithOxlint, (copy) => fixWithOxlint(copy, files, false));
  const found: Finding[] = [];
  for (const [name, find] of Object.entries({ eslint, biome, oxlint }))
    if (linters.includes(name)) found.push(...(await find()));
  return sortFindings(found);
}

async function tried(
  places: LintPlaces,
  files: readonly string[],
  lint: (places: LintPlaces, files: readonly string[]) => Promise<Finding[]>,
  fix: (places: LintPlaces) => Promise<void>,
): Promise<Finding[]> {
  const copy: LintPlaces = { ...places, workspace: mkdtempSync(join(places.scratch, 'tried-')) };
  for (const file of files) {
    mkdirSync(dirname(join(copy.workspace, file)), { recursive: true });
    cpSync(join(places.workspace, file), join(copy.workspace, file));
  }
  const before = await lint(copy, files);
  await fix(copy);
  const left = new Map<string, number>();
  for (const finding of await lint(copy, files))
    left.set(groupOf(finding), (left.get(groupOf(finding)) ?? 0) + 1);
  // Lines have moved by then, so findings of a rule in a file are told apart by their number alone.
  return sortFindings(before).filter((finding) => {
    const count = left.get(groupOf(finding)) ?? 0;
    left.set(groupOf(finding), count - 1);
    return count <= 0;
  });
}

/** What findings are counted by: the tool, its rule, and the file. */
export const groupOf = ({ tool, rule, file }: Finding): string => `${tool}/${rule} ${file ?? ''}`;
