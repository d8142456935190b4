/** Files of a package's folder that its manifest does not list: the manifest itself, and what comes later. */
export const besideManifest = { manifest: 'manifest.json', receipt: 'delivery.json', seal: 'seal' } as const;

const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,120}$/;

/** Why a path cannot be one of a package's files; undefined where it can. */
export function packagePathProblem(path: string): string | undefined {
  const segments = path.split('/');
  if (path.length > 300 || !segments.every((part) => segment.test(part)))
    return `${JSON.stringify(path.slice(0, 300))} is not a path of plain names below the package.`;
  const [first = ''] = segments;
  if (Object.values(besideManifest).some((name) => name === first.toLowerCase()))
    return `${path} has a name that the package keeps for itself.`;
  return undefined;
}
