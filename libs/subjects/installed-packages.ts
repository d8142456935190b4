import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ifThere } from '../artifacts/if-there.js';
import { parseJson } from '../artifacts/parse-json.js';
import type { Dependencies } from '../contracts/subject.js';

type InstalledPackage = Dependencies['packages'][number];

const oneLicense = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]);

const installedSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: oneLicense.optional().catch(undefined),
  /** The form of old packages. */
  licenses: z
    .union([z.array(oneLicense), oneLicense.transform((license) => [license])])
    .optional()
    .catch(undefined),
});

/**
 * Name, version and licence of the packages that are installed in a folder, each once, sorted. The licence is what the
 * package's own package.json says, null where it says nothing.
 *
 * @param places where packages may be, such as `node_modules/a`; those for other platforms are missing
 */
export async function installedPackages(
  folder: string,
  places: readonly string[],
): Promise<InstalledPackage[]> {
  return await packagesAt(places, (place) => ifThere(readFile(join(folder, place, 'package.json'))));
}

/**
 * The same of packages that are somewhere else than in a folder.
 *
 * @param read gives the package.json at a place; undefined where there is none
 */
export async function packagesAt(
  places: readonly string[],
  read: (place: string) => Promise<Uint8Array | undefined>,
): Promise<InstalledPackage[]> {
  const found = new Map<string, InstalledPackage>();
  for (const place of places) {
    const bytes = await read(place);
    if (bytes === undefined) continue;
    const { name, version, license, licenses } = parseJson(bytes, installedSchema, `${place}/package.json`);
    const said = license ?? licenses?.join(' OR ');
    found.set(`${name}@${version}`, {
      name,
      version,
      license: said === undefined || said === '' ? null : said,
    });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
