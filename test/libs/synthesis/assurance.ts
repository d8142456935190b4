import type {
  DeploymentReport,
  DocumentationReport,
  EndToEndReport,
  PerformanceReport,
} from '../../../libs/contracts/reports/assurance.js';
import { digestOf } from './reports.js';

export const performance = (change: Partial<PerformanceReport> = {}): PerformanceReport => ({
  kind: 'assurance-performance',
  load: 'within',
  memory: 'within',
  size: { verdict: 'within', before: { files: 4, bytes: 1000 }, after: { files: 4, bytes: 990 } },
  measured: true,
  degradations: 0,
  security: { secrets: [], calls: [], highRisk: 0 },
  rollback: { tested: true, broken: 0, missing: 0 },
  monitoring: { configured: true, metrics: [{ metric: 'cpu', unit: 'ms', alert: 'above 400' }] },
  ...change,
});

export const documentation = (change: Partial<DocumentationReport> = {}): DocumentationReport => ({
  kind: 'assurance-documentation',
  readme: 'README.md',
  guides: [],
  changelog: 'CHANGELOG.md',
  exported: 3,
  documented: 3,
  examples: 1,
  links: 2,
  gaps: [],
  incomplete: 0,
  introduced: 0,
  ...change,
});

export const endToEnd = (change: Partial<EndToEndReport> = {}): EndToEndReport => ({
  kind: 'assurance-end-to-end',
  packed: { files: 4, bytes: 990 },
  entries: [],
  binaries: [],
  broken: 0,
  passed: true,
  ...change,
});

export const deployment = (change: Partial<DeploymentReport> = {}): DeploymentReport => ({
  kind: 'assurance-deployment',
  readiness: 'ready',
  checks: [
    {
      id: 'name',
      says: 'It has a name.',
      severity: 'critical',
      met: true,
      metBefore: true,
      evidence: 'tiny',
    },
  ],
  blockers: 0,
  warnings: 0,
  introduced: 0,
  published: { files: 4, bytes: 990 },
  rollback: { snapshot: digestOf('captured'), files: 4, bytes: 1000 },
  ...change,
});
