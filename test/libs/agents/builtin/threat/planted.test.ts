import { expect, test } from 'vitest';
import {
  analysisSchema,
  type CoreAnalysis,
  coreAnalyses,
} from '../../../../../libs/contracts/reports/threat.js';
import { analyse, hardenedShop, shop } from './subjects.js';

/** What is planted in the shop, by the analysis that finds it. Of architecture the care for each service is left out. */
const planted: Readonly<Record<CoreAnalysis, readonly string[]>> = {
  'document-analysis': [
    'minor no-runbook compose.yaml:97',
    'minor no-runbook compose.yaml:126',
    'minor no-runbook compose.yaml:138',
    'minor undocumented-service compose.yaml:138',
    'major unknown-service docs/architecture.md:20',
    'minor stale-link docs/architecture.md:28',
    'minor placeholder docs/architecture.md:32',
    'minor no-owner docs/onboarding.md:1',
    'minor no-review docs/onboarding.md:1',
    'minor stale-link docs/onboarding.md:7',
    'minor empty-section docs/runbook.md:19',
    'minor placeholder docs/security-policy.md:16',
    'minor stale-link docs/security-policy.md:20',
  ],
  'architectural-risk': [
    'critical docker-socket compose.yaml:21',
    'major single-point-of-failure compose.yaml:44',
    'major literal-secret compose.yaml:48',
    'major literal-secret compose.yaml:54',
    'major unknown-dependency compose.yaml:55',
    'critical privileged compose.yaml:66',
    'major single-point-of-failure compose.yaml:66',
    'major literal-secret compose.yaml:70',
    'major literal-secret compose.yaml:86',
    'critical published-store compose.yaml:88',
    'major dangerous-capability compose.yaml:118',
    'major published-admin compose.yaml:130',
    'major host-path compose.yaml:134',
    'major published-admin compose.yaml:142',
    'major dependency-cycle k8s/payments.yaml:92',
  ],
  'business-financial': [
    'minor no-cost compose.yaml:138',
    'major revenue-on-one-replica costs.yaml:7',
    'minor cost-concentration costs.yaml:9',
    'minor criticality-too-low costs.yaml:9',
    'major revenue-on-one-replica costs.yaml:9',
    'minor criticality-too-low costs.yaml:10',
    'major revenue-on-one-replica costs.yaml:10',
    'minor criticality-too-low costs.yaml:11',
    'major revenue-on-one-replica costs.yaml:11',
    'minor criticality-too-low costs.yaml:12',
    'minor criticality-too-low costs.yaml:15',
    'major revenue-on-one-replica costs.yaml:15',
    'major revenue-on-one-replica costs.yaml:16',
  ],
  'compliance-governance': [
    'critical control-contradicted compliance.yaml:8',
    'major control-contradicted compliance.yaml:14',
    'major control-unmet compliance.yaml:20',
    'major evidence-empty compliance.yaml:24',
    'major evidence-missing compliance.yaml:32',
    'minor control-partial compliance.yaml:36',
  ],
  'data-flow-analysis': [
    'major sensitive-unencrypted compose.yaml:34',
    'major sensitive-unencrypted compose.yaml:48',
    'major sensitive-unencrypted compose.yaml:49',
    'major sensitive-unencrypted compose.yaml:70',
    'major undeclared-access compose.yaml:71',
    'major external-unencrypted compose.yaml:73',
    'minor undeclared-recipient compose.yaml:73',
    'critical exposed-store compose.yaml:81',
    'critical exposed-store compose.yaml:81',
    'minor unclassified-store compose.yaml:104',
    'major undeclared-access compose.yaml:132',
    'major undeclared-access compose.yaml:145',
    'major not-encrypted-at-rest data.yaml:3',
    'major not-encrypted-at-rest data.yaml:16',
    'minor at-rest-unknown data.yaml:22',
    'critical sensitive-unencrypted k8s/payments.yaml:12',
    'critical sensitive-unencrypted k8s/payments.yaml:13',
    'major sensitive-at-edge k8s/payments.yaml:18',
  ],
  'attack-path-analyzer': [
    'critical attack-path compose.yaml:81',
    'minor attack-path compose.yaml:97',
    'minor attack-path compose.yaml:104',
    'major attack-path k8s/ledger.yaml:4',
  ],
};

/** What is left in the hardened shop. */
const remaining: Readonly<Record<CoreAnalysis, readonly string[]>> = {
  'document-analysis': [],
  'architectural-risk': ['minor shared-single-replica compose.yaml:96'],
  'business-financial': [
    'minor criticality-too-low costs.yaml:6',
    'major revenue-on-one-replica costs.yaml:10',
  ],
  'compliance-governance': [],
  'data-flow-analysis': [],
  'attack-path-analyzer': ['minor attack-path k8s/ledger.yaml:4'],
};

const found = async (analysis: CoreAnalysis, subject: string): Promise<string[]> => {
  const { findings } = analysisSchema.parse(await analyse(analysis, subject));
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, rule, file, line }) => `${severity} ${rule} ${file}:${line}`);
};

const minorOfArchitecture = /^minor .*compose\.yaml|^minor .*k8s/;

test.each(coreAnalyses)('%s finds what is planted in the shop, and nothing else', async (analysis) => {
  const all = await found(analysis, shop);
  const shown = analysis === 'architectural-risk' ? all.filter((one) => !minorOfArchitecture.test(one)) : all;
  expect(shown).toEqual(planted[analysis]);
});

test('architectural-risk finds what lacks care, service by service', async () => {
  const all = (await found('architectural-risk', shop)).filter((one) => minorOfArchitecture.test(one));
  const count = (rule: string): number => all.filter((one) => one.startsWith(`minor ${rule} `)).length;
  expect({
    root: count('may-run-as-root'),
    health: count('no-healthcheck'),
    memory: count('no-memory-limit'),
    tags: count('floating-tag'),
    shared: count('shared-single-replica'),
    all: all.length,
  }).toEqual({ root: 8, health: 6, memory: 5, tags: 3, shared: 2, all: 24 });
});

test.each(coreAnalyses)('%s finds in the hardened shop only what is left in it', async (analysis) => {
  expect(await found(analysis, hardenedShop)).toEqual(remaining[analysis]);
});

test.each(coreAnalyses)('%s gives the same bytes again', async (analysis) => {
  expect(JSON.stringify(await analyse(analysis, shop))).toBe(JSON.stringify(await analyse(analysis, shop)));
});

test('the value of a secret is in no outcome', async () => {
  for (const analysis of coreAnalyses) {
    const said = JSON.stringify(await analyse(analysis, shop));
    expect(said).not.toMatch(/shop123|correct-horse/);
  }
});
