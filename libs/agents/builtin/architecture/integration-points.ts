import type { ArchitectureReport } from '../../../contracts/reports/architecture.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { entryPoints } from '../subject/entry-points.js';
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
