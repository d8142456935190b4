import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LintPlaces } from './biome.js';

/** What a comment must say so that a linter leaves lines out. */
const directive = /\b(eslint|oxlint|biome)-(disable|enable|ignore)/g;

/**
 * Places where the same files are found without comments that hide findings: what is found must not depend on what a
 * subject, or a candidate, asks not to be told. Lines and columns stay the same. The places themselves where no file
 * has such a comment; else a copy of the files in the scratch folder, which is left there.
 */
export function unsuppressed(places: LintPlaces, files: readonly string[]): LintPlaces {
  const texts = files.map((file) => ({ file, text: readFileSync(join(places.workspace, file), 'latin1') }));
  if (!texts.some(({ text }) => text.search(directive) >= 0)) return places;
  const workspace = mkdtempSync(join(places.scratch, 'unsuppressed-'));
  for (const { file, text } of texts) {
    const path = join(workspace, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replace(directive, '$1_$2'), 'latin1');
  }
  return { ...places, workspace };
}
