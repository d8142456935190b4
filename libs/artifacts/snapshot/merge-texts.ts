import { linesOf, type TextVersions, textRegions, textRegionsModule } from '../../merge/text-regions.js';
import { isLong } from '../../threads/is-long.js';
import { runInThread } from '../../threads/run-in-thread.js';

/**
 * Takes every version's changes of a text together. Regions that versions changed in the same way are taken once.
 * Which version comes first makes no difference.
 *
 * @returns undefined where versions changed the same lines, or lines that touch, in different ways
 */
export async function mergeTexts(texts: TextVersions, signal?: AbortSignal): Promise<string | undefined> {
  const regions = isLong(texts.base, ...texts.versions)
    ? await runInThread(textRegions, textRegionsModule, texts, signal)
    : textRegions(texts);
  const lines = linesOf(texts.base);
  const merged: string[] = [];
  let at = 0;
  for (const { first, count, base, versions } of regions) {
    const [only, ...others] = new Set(versions.filter((version) => version !== base));
    if (others.length > 0) return undefined;
    merged.push(...lines.slice(at, first - 1), only ?? base);
    at = first - 1 + count;
  }
  return [...merged, ...lines.slice(at)].join('');
}
