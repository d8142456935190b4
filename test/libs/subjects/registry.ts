import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { create } from 'tar';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../artifacts/temporary-folder.js';

export interface Published {
  readonly name: string;
  readonly version: string;
  /** Files beside package.json by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** More of package.json. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** What the registry says instead of the truth; null for nothing at all. */
  readonly integrity?: string | null;
  /** The archive itself, instead of one made of the files. */
  readonly tarball?: Buffer;
}

/** A tar archive (gzip) of files by path. */
function archiveOf(files: Readonly<Record<string, string>>): Buffer {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const packed = create({ cwd: folder, gzip: true, portable: true, sync: true }, Object.keys(files)).read();
  if (packed === null) throw new Error('The archive is empty.');
  return Buffer.from(packed);
}

export const sha512 = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** Serves packages to npm for the rest of the test; npm has a cache of its own meanwhile. Counts requests by path. */
export async function serveRegistry(published: readonly Published[]) {
  const requests = new Map<string, number>();
  const tarballs = new Map<string, Buffer>();
  const documents = new Map<
    string,
    { name: string; 'dist-tags': object; versions: Record<string, unknown> }
  >();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/').slice(1);
    requests.set(path, (requests.get(path) ?? 0) + 1);
    const tarball = tarballs.get(path);
    const document = documents.get(path);
    if (tarball !== undefined) response.end(tarball);
    else if (document !== undefined)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const { name, version, files, more, integrity, tarball } of published) {
    const manifest = { name, version, ...more };
    const bytes = tarball ?? archiveOf(prefixed({ 'package.json': JSON.stringify(manifest), ...files }));
    const path = `${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
    tarballs.set(path, bytes);
    const document = documents.get(name) ?? { name, 'dist-tags': {}, versions: {} };
    const said =
      integrity === undefined ? { integrity: sha512(bytes) } : integrity === null ? {} : { integrity };
    document['dist-tags'] = { latest: version };
    document.versions[version] = {
      ...manifest,
      dist: {
        tarball: `${registry}/${path}`,
        shasum: createHash('sha1').update(bytes).digest('hex'),
        ...said,
      },
    };
    documents.set(name, document);
  }
  useRegistry(registry);
  return { registry, requests };
}

/** Points npm at a registry for the rest of the test. */
export function useRegistry(registry: string) {
  vi.stubEnv('npm_config_registry', registry);
  vi.stubEnv('npm_config_cache', join(temporaryFolder(), 'cache'));
  onTestFinished(() => void vi.unstubAllEnvs());
}

const prefixed = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`package/${path}`, content]));
