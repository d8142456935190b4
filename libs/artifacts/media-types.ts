/** Media types of the artifacts that Heptad writes. */
export const mediaType = {
  json: 'application/json',
  jsonLines: 'application/jsonl',
  text: 'text/plain; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  patch: 'text/x-patch; charset=utf-8',
  javascript: 'text/javascript; charset=utf-8',
  gzip: 'application/gzip',
  bytes: 'application/octet-stream',
  /** A workspace: `snapshotSchema` of libs/contracts. */
  snapshot: 'application/vnd.heptad.snapshot+json',
  /** An npm lock file. */
  npmLock: 'application/vnd.heptad.npm-lock+json',
} as const;
