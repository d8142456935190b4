import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ArchitectureReport } from '../../../contracts/reports/architecture.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import type { PackageJson } from '../subject/read-package.js';
import type { ImportEdge } from './import-graph.js';

export type IntegrationPoint = ArchitectureReport['integrationPoints'][number];

/** Built-in modules by which a program meets the world, by kind of meeting. */
const meetings: Readonly<Record<string, string>> = {
  child_process: 'process',
  cluster: 'process',
  worker_threads: 'process',
  fs: 'file-system',
  'fs/promises': 'file-system',
  dgram: 'network',
  dns: 'network',
  'dns/promises': 'network',
  http: 'network',
  http2: 'network',
  https: 'network',
  net: 'network',
  tls: 'network',
  os: 'system',
  vm: 'code',
};

/** Where the subject meets the world: what package.json exports, built-in modules imported, the environment read. */
export async function integrationPoints(
  places: Places,
  subject: {
    readonly files: readonly string[];
    readonly edges: readonly ImportEdge[];
    readonly description: PackageJson;
    /** Whether reads of the environment are looked for. */
    readonly environment: boolean;
  },
): Promise<IntegrationPoint[]> {
  const imported = subject.edges.flatMap((edge): IntegrationPoint[] => {
    const kind = edge.kind === 'builtin' ? meetings[edge.to] : undefined;
    return kind === undefined ? [] : [{ kind, file: edge.from, detail: edge.to }];
  });
  const points = [
    ...entryPoints(places.workspace, subject.description),
    ...imported,
    ...(subject.environment ? await environmentReads(places, subject.files) : []),
  ];
  const unique = new Map(
    points.map((point) => [JSON.stringify([point.kind, point.file, point.detail]), point]),
  );
  return [...unique].sort(([a], [b]) => byCodeUnit(a, b)).map(([, point]) => point);
}

function entryPoints(workspace: string, description: PackageJson): IntegrationPoint[] {
  const points: IntegrationPoint[] = [];
  const add = (kind: string, path: string, detail: string): void => {
    const file = resolved(workspace, path);
    if (file !== null) points.push({ kind, file, detail });
  };
  add('entry', description.main ?? 'index.js', 'main');
  if (description.module !== null) add('entry', description.module, 'module');
  for (const [name, path] of exported(description.exports, '.')) add('entry', path, `exports ${name}`);
  const bin =
    typeof description.bin === 'string' ? { [description.name ?? 'bin']: description.bin } : description.bin;
  for (const [name, path] of Object.entries(bin ?? {})) add('binary', path, name);
  return points;
}

/** The files that `exports` names, whatever conditions lead to them; patterns with `*` are no single file. */
function exported(value: unknown, name: string): [string, string][] {
  if (typeof value === 'string') return value.includes('*') ? [] : [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => exported(inner, key.startsWith('.') ? key : name));
}

/** The file that Node would load for a path of package.json, or null where there is none within the subject. */
function resolved(workspace: string, path: string): string | null {
  const base = posix.normalize(path).replace(/\/$/, '');
  if (base.startsWith('..') || base.startsWith('/')) return null;
  const tried = [base, `${base}.js`, `${base}.json`, posix.join(base, 'index.js')];
  return tried.find((file) => isFile(join(workspace, file))) ?? null;
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** Files that read `process.env`, by oxlint's rule: a global leaves no edge in the import graph. */
async function environmentReads(places: Places, files: readonly string[]): Promise<IntegrationPoint[]> {
  const findings = await lintWithOxlint(places, files, {
    plugins: ['node'],
    categories: { correctness: 'off' },
    rules: { 'node/no-process-env': 'warn' },
  });
  return findings
    .filter(
      (finding): finding is Finding & { file: string } => finding.file !== null && finding.rule !== 'parse',
    )
    .map(({ file }) => ({ kind: 'environment', file, detail: 'process.env' }));
}
