import { z } from 'zod';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import type { Assignment } from '../../contracts/phase.js';
import { byCodeUnit } from '../../synthesis/order.js';
import { npmPurl, sha512Of } from './npm-names.js';

/** A package that a lock names. */
export interface ResolvedPackage {
  /** Where it is installed, such as `node_modules/a/node_modules/b`. */
  readonly name: string;
  /** Its package URL. */
  readonly uri: string;
  /** Hexadecimal. */
  readonly sha512: string;
}

const lockSchema = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      integrity: z.string().optional(),
    }),
  ),
});

/**
 * The packages that were installed from the run's lock, by place; those that came inside another have no digest of
 * their own and are left out.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`, `InputInvalid`
 */
export async function lockedPackages(
  store: ArtifactStore,
  { dependencies }: Assignment,
): Promise<ResolvedPackage[]> {
  if (!dependencies) return [];
  const { packages } = await store.getJson(dependencies.lock.digest, lockSchema);
  return Object.entries(packages)
    .flatMap(([place, { name, version, integrity }]) => {
      const sha512 = integrity?.split(' ').find((part) => part.startsWith('sha512-'));
      if (place === '' || version === undefined || sha512 === undefined) return [];
      // An alias is installed at another name than its own.
      const own = name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return [{ name: place, uri: npmPurl(own, version), sha512: sha512Of(sha512) }];
    })
    .sort((a, b) => byCodeUnit(a.name, b.name));
}
