import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCodeOf, ifThere } from '../artifacts/if-there.js';
import { printable } from '../artifacts/snapshot/paths.js';
import { HeptadError } from '../protocol/errors.js';
import { isBelow } from '../subjects/check-local.js';

/**
 * The real path of a place to deliver to, if it is below a root, also through links. It need not exist.
 *
 * @param roots folders below which packages may be delivered; a root itself may be one, too
 * @throws HeptadError `DeliveryRefused` where it is not below a root, or cannot be looked up
 */
export async function allowedPlace(path: string, roots: readonly string[]): Promise<string> {
  const absolute = resolve(path);
  const real = await Promise.all(roots.map(async (root) => (await ifThere(realpath(root))) ?? resolve(root)));
  // By its name first, so that nobody learns from the answer what exists elsewhere.
  if (![...roots.map((root) => resolve(root)), ...real].some((root) => isBelow(root, absolute)))
    throw notAllowed(absolute, roots);
  const found = await realPathOf(absolute);
  if (!real.some((root) => isBelow(root, found))) throw notAllowed(absolute, roots);
  return found;
}

/** The real path of what exists of it, with the rest as it is named. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT' || (await ifThere(lstat(path))) || dirname(path) === path)
      throw new HeptadError(
        'DeliveryRefused',
        `${printable(path)} cannot be delivered to: it is a link to nothing, or cannot be looked up (${errorCodeOf(error)}).`,
      );
    return join(await realPathOf(dirname(path)), basename(path));
  }
}

const notAllowed = (path: string, roots: readonly string[]): HeptadError =>
  new HeptadError(
    'DeliveryRefused',
    roots.length === 0
      ? `${printable(path)} is not allowed: HEPTAD_DELIVERY_ROOTS names no folder to deliver to.`
      : `${printable(path)} is not below a folder to deliver to, which are ${roots.map(printable).join(', ')}. ` +
          'Start the service with HEPTAD_DELIVERY_ROOTS set to others.',
  );
