import type { PackageReport } from '../contracts/package-check.js';

/** One sentence that says what is proven of a package, and what is not. */
export function closingSentence({
  checks,
  sealed,
  origin,
  proven,
  waivers,
}: Omit<PackageReport, 'says'>): string {
  const failed = checks.filter(({ state }) => state === 'failed');
  if (failed.length > 0)
    return `Do not rely on it: ${failed.length} of ${checks.length} checks failed (${failed
      .map(({ check }) => check)
      .join(', ')}).`;
  const waived =
    waivers.length > 0 ? ` ${waivers.length} failed passes were waived by people; read why.` : '';
  if (!sealed)
    return `The package is whole, but not yet sealed: the histories of its run are not in it.${waived}`;
  if (origin === 'unknown')
    return `Integrity is proven, origin is unknown: pin the keys of who made it to know whose it is.${waived}`;
  const open = checks.filter(({ state }) => state === 'not-checkable').map(({ check }) => check);
  const rest = open.length > 0 ? ` Not checked: ${open.join(', ')}.` : '';
  return proven
    ? `Package, seal and origin are proven.${waived}${rest}`
    : `It is not proven.${rest}${waived}`;
}
