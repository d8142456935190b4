import { entryPoints } from '../subject/entry-points.js';
import type { PackageJson } from '../subject/read-package.js';

/** A name that npm takes, and that is a folder below `node_modules` and nowhere else. */
const usable = /^(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/i;

/** The name under which a package is installed; `subject` where it has none that can be used. */
export const installedName = ({ name }: PackageJson): string =>
  name !== null && usable.test(name) ? name : 'subject';

/** What others can import of a package: itself, where it has a main file, and what `exports` names without patterns. */
export function specifiersOf(folder: string, description: PackageJson): string[] {
  const name = installedName(description);
  const exported = entryPoints(folder, description).flatMap(({ kind, detail }) => {
    const path = /^exports \.(.*)$/s.exec(detail)?.[1];
    return kind === 'entry' && path !== undefined ? [`${name}${path}`] : [];
  });
  if (description.exports !== undefined && exported.length > 0) return [...new Set(exported)].sort();
  return entryPoints(folder, description).some(({ detail }) => detail === 'main') ? [name] : [];
}
