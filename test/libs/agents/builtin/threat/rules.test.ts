import { expect, test } from 'vitest';
import { analysisSchema } from '../../../../../libs/contracts/reports/threat.js';
import { analyse } from './subjects.js';

const rulesOf = async (analysis: string, files: Record<string, string>): Promise<string[]> =>
  analysisSchema
    .parse(await analyse(analysis, files))
    .findings.map(({ severity, rule }) => `${severity} ${rule}`);

const services = (body: string): Record<string, string> => ({ 'compose.yaml': `services:\n${body}` });

/** Rules that the shop has no occasion for: what makes each find something, and what is next to it and does not. */
test.each([
  [
    'minor published-port',
    '  a: { image: "shop/a:1", ports: ["8000:8000"] }',
    '  a: { image: "shop/a:1", ports: ["443:8000"] }',
  ],
  [
    'minor published-port',
    '  a: { image: "shop/a:1", ports: ["8000:1"] }',
    '  a: { image: "nginx:1.27", ports: ["8000:1"] }',
  ],
  [
    'critical published-store',
    '  q: { image: "rabbitmq:3", ports: ["1:1"] }',
    '  q: { image: "rabbitmq:3", ports: ["127.0.0.1:1:1"] }',
  ],
  [
    'major host-namespace',
    '  a: { image: "a:1", network_mode: host }',
    '  a: { image: "a:1", network_mode: bridge }',
  ],
  ['major host-namespace', '  a: { image: "a:1", pid: host }', '  a: { image: "a:1", pid: "service:b" }'],
  [
    'major host-path',
    '  a: { image: "a:1", volumes: ["/:/host"] }',
    '  a: { image: "a:1", volumes: ["/:/host:ro"] }',
  ],
  [
    'major host-path',
    '  a: { image: "a:1", volumes: [{ type: bind, source: /etc, target: /x }] }',
    '  a: { image: "a:1", volumes: [{ type: volume, source: etc, target: /x }] }',
  ],
  [
    'major dangerous-capability',
    '  a: { image: "a:1", cap_add: [CAP_SYS_ADMIN] }',
    '  a: { image: "a:1", cap_add: [CHOWN] }',
  ],
  ['minor floating-tag', '  a: { image: "host:5000/a" }', '  a: { image: "host:5000/a@sha256:00" }'],
  ['minor floating-tag', `  a: { image: "a:$\{TAG}" }`, `  a: { image: "a:$\{TAG:-1.2}" }`],
  ['minor may-run-as-root', '  a: { image: "a:1", user: "0:0" }', '  a: { image: "a:1", user: "10:0" }'],
  [
    'minor no-healthcheck',
    '  a: { image: "a:1", healthcheck: { disable: true } }',
    '  a: { image: "a:1", healthcheck: { test: [CMD, x] } }',
  ],
  ['minor no-memory-limit', '  a: { image: "a:1" }', '  a: { image: "a:1", mem_limit: 1g }'],
  [
    'minor cannot-connect',
    '  a: { image: "a:1", networks: [x], links: [b] }\n  b: { image: "b:1", networks: [y] }',
    '  a: { image: "a:1", networks: [x], links: [b] }\n  b: { image: "b:1", networks: [y, x] }',
  ],
  [
    'major dependency-cycle',
    '  a: { image: "a:1", links: [b] }\n  b: { image: "b:1", links: [a] }',
    '  a: { image: "a:1", links: [b] }\n  b: { image: "b:1", links: [] }',
  ],
  [
    'major unknown-dependency',
    '  a: { image: "a:1", environment: { X: "http://b:1" } }',
    '  a: { image: "a:1", environment: { X: "http://localhost:1" } }',
  ],
  [
    'major single-point-of-failure',
    '  a: { image: "nginx:1", ports: ["80:80"], links: [b] }\n  b: { image: "b:1" }',
    '  a: { image: "nginx:1", ports: ["80:80"], links: [b], scale: 2 }\n  b: { image: "b:1" }',
  ],
  ['major no-services', '  {}', '  a: { image: "a:1" }'],
])('architecture: %s by %s, not by %s', async (rule, guilty, innocent) => {
  expect(await rulesOf('architectural-risk', services(guilty))).toContain(rule);
  expect(await rulesOf('architectural-risk', services(innocent))).not.toContain(rule);
});

const control = (body: string): Record<string, string> => ({
  ...services('  a: { image: "a:1", privileged: true }\n  b: { image: "b:1" }'),
  'compliance.yaml': `version: 1\ncontrols:\n  - { id: C-1, title: t, ${body} }\n`,
  'a.md':
    '# A\n\nOwner: somebody\n\n## Good\n\nThis says how it is done, by whom, and when.\n\n## Bad\n\nTODO: write it.\n',
});

test.each([
  ['minor no-evidence', 'status: met', 'status: met, evidence: "a.md#good"'],
  ['major evidence-missing', 'status: met, evidence: "a.md#gone"', 'status: unmet, evidence: "a.md#gone"'],
  ['major evidence-empty', 'status: met, evidence: "a.md#bad"', 'status: met, evidence: "a.md"'],
  [
    'critical control-unmet',
    'status: unmet, severity: critical',
    'status: not-applicable, severity: critical',
  ],
  ['major control-partial', 'status: partial, severity: critical', 'status: partial'],
  [
    'major control-contradicted',
    'status: met, check: no-privileged',
    'status: met, check: no-privileged, applies_to: [b]',
  ],
  ['minor control-of-unknown', 'status: met, applies_to: [z]', 'status: met, applies_to: [a]'],
  [
    'info control-contradicted',
    'status: met, severity: info, check: redundant',
    'status: met, severity: info, check: no-docker-socket',
  ],
])('controls: %s by %s, not by %s', async (rule, guilty, innocent) => {
  expect(await rulesOf('compliance-governance', control(guilty))).toContain(rule);
  expect(await rulesOf('compliance-governance', control(innocent))).not.toContain(rule);
});

const data = (body: string, more = ''): Record<string, string> => ({
  ...services(
    `  a: { image: "a:1", environment: { D: "postgres://db/x?sslmode=require" } }\n  b: { image: "b:1", environment: { A: "https://a" } }\n  c: { image: "c:1" }\n  db: { image: "postgres:16" }\n${more}`,
  ),
  'data.yaml': `version: 1\nclasses:\n  - { name: d, stored_in: [db], encrypted_at_rest: true, ${body} }\n`,
});

test.each([
  [
    'minor flow-without-connection',
    'classification: restricted, read_by: [a, c]',
    'classification: restricted, read_by: [a, b]',
  ],
  ['major undeclared-access', 'classification: restricted', 'classification: restricted, written_by: [a]'],
  ['major undeclared-access', 'classification: confidential', 'classification: internal'],
  ['minor unknown-service', 'classification: public, read_by: [z]', 'classification: public, read_by: [a]'],
])('data: %s by %s, not by %s', async (rule, guilty, innocent) => {
  expect(await rulesOf('data-flow-analysis', data(guilty))).toContain(rule);
  expect(await rulesOf('data-flow-analysis', data(innocent))).not.toContain(rule);
});

test('what a reader sends to a host that is not said to get it is found, and what is said is not', async () => {
  const sends =
    '  s: { image: "s:1", environment: { D: "postgres://db/x?sslmode=require", H: "https://out.example" } }\n';
  const said = (sentTo: string) =>
    data(`classification: restricted, read_by: [a, s], sent_to: [${sentTo}]`, sends);
  expect(await rulesOf('data-flow-analysis', said(''))).toContain('minor undeclared-recipient');
  expect(await rulesOf('data-flow-analysis', said('out.example'))).not.toContain(
    'minor undeclared-recipient',
  );
});

test('a folder without a description gives findings that say so', async () => {
  const nothing = { 'readme.txt': 'nothing' };
  expect(await rulesOf('document-analysis', nothing)).toEqual(['major no-documents']);
  expect(await rulesOf('architectural-risk', nothing)).toEqual(['major no-services']);
  expect(await rulesOf('business-financial', nothing)).toEqual(['minor no-costs']);
  expect(await rulesOf('compliance-governance', nothing)).toEqual(['major no-controls']);
  expect(await rulesOf('data-flow-analysis', nothing)).toEqual(['major no-data']);
  expect(await rulesOf('attack-path-analyzer', nothing)).toEqual([]);
});
