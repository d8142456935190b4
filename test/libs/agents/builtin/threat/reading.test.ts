import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDescription } from '../../../../../libs/agents/builtin/threat/description/read-description.js';
import { analysisSchema, coreAnalyses } from '../../../../../libs/contracts/reports/threat.js';
import { placesFor } from '../../support/places.js';
import { analyse } from './subjects.js';

const read = (files: Record<string, string>) => readDescription(placesFor(files).workspace);
const unreadOf = (files: Record<string, string>) =>
  read(files).unread.map(({ file, line, reason }) => `${file}:${line} ${reason}`);

const compose = (body: string): Record<string, string> => ({
  'compose.yaml': `services:\n  db:\n    image: postgres:16\n  app:\n    image: shop/app:1\n${body}`,
});
const app = (body: string) => {
  const found = read(compose(body)).services.find(({ name }) => name === 'app');
  if (found === undefined) throw new Error('There is no service app.');
  return found;
};

describe('a file of Compose', () => {
  test.each([
    ['"8080:80"', '0.0.0.0:8080', 8080, false],
    ['"127.0.0.1:8080:80"', '127.0.0.1:8080', 8080, true],
    ['"[::1]:8080:80/tcp"', '[::1]:8080', 8080, true],
    ['"9000-9001:9000-9001"', '0.0.0.0:9000-9001', 9000, false],
    ['"80"', '0.0.0.0:any (to 80)', null, false],
    ['"127.0.0.1::80"', '127.0.0.1:any (to 80)', null, true],
    ['8080', '0.0.0.0:any (to 8080)', null, false],
    ['{ target: 80, published: "443", host_ip: 10.0.0.1 }', '10.0.0.1:443', 443, false],
  ])('publishes %s as %s', (port, shown, number, loopback) => {
    expect(app(`    ports: [${port}]\n`).ports).toMatchObject([{ shown, number, loopback }]);
  });

  test.each([
    ['postgres://db/shop', false],
    ['postgres://db/shop?sslmode=verify-full', true],
    ['postgres://db/shop?sslmode=prefer', false],
    ['rediss://db:6379', true],
    ['custom://db', null],
  ])('connects to a service by %s', (address, encrypted) => {
    expect(read(compose(`    environment: { STORE: "${address}" }\n`)).connections).toMatchObject([
      { from: 'app', to: 'db', encrypted, place: { file: 'compose.yaml', line: 6 } },
    ]);
  });

  test.each([
    ['PASSWORD: hunter2', true],
    ['PASSWORD: $' + '{PASSWORD}', false],
    ['PASSWORD: $' + '{PASSWORD:-hunter2}', true],
    ['PASSWORD_FILE: /run/secrets/password', false],
    ['DSN: postgres://app:hunter2@db/shop', true],
    ['DSN: postgres://app:$' + '{PASSWORD}@db/shop', false],
  ])('keeps of the secret in %s the name and whether it is written there', (variable, literal) => {
    const { secrets } = app(`    environment:\n      ${variable}\n`);
    expect(secrets).toMatchObject([{ name: variable.split(':')[0], literal }]);
    expect(JSON.stringify(secrets)).not.toContain('hunter2');
  });

  test('takes variables from a file of the subject, with the place there', () => {
    const files = {
      ...compose('    env_file: [app.env, gone.env]\n'),
      'app.env': '# of the app\nexport API_TOKEN="abc"\n',
    };
    expect(read(files).services.find(({ name }) => name === 'app')?.secrets).toEqual([
      { name: 'API_TOKEN', literal: true, place: { file: 'app.env', line: 2 } },
    ]);
    expect(unreadOf(files)).toEqual([
      'compose.yaml:6 The file gone.env is not in the subject (service app).',
    ]);
  });

  test('names what depends on nothing that there is', () => {
    expect(read(compose('    depends_on: [gone]\n    links: ["db:store"]\n'))).toMatchObject({
      dangling: [{ from: 'app', to: 'gone', place: { line: 6 } }],
      connections: [{ from: 'app', to: 'db', by: 'links' }],
    });
  });

  test('says what it leaves out, and reads the rest', () => {
    const files = {
      ...compose(
        '    extends: { file: base.yaml, service: app }\n    ports: yes please\n    privileged: true\n',
      ),
      'compose.override.yaml': 'services: { app: { privileged: false } }\n',
    };
    expect(unreadOf(files)).toEqual([
      'compose.override.yaml:null Overrides of Compose are not applied.',
      'compose.yaml:6 "extends" is not followed (service app).',
      expect.stringMatching(/^compose\.yaml:7 "ports": .*\(service app\)\.$/),
    ]);
    expect(read(files).services.find(({ name }) => name === 'app')?.privileged).toBe(true);
  });
});

describe('objects of Kubernetes', () => {
  const deployment = (name: string, more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: shop/${name}:1
${more}`;
  const service = (name: string, type: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { type: ${type}, selector: { app: ${name} }, ports: [{ port: 80, nodePort: 30080 }] }\n`;

  test.each([
    ['ClusterIP', [], false],
    ['NodePort', ['NodePort 30080'], false],
    ['LoadBalancer', ['LoadBalancer 80'], true],
  ])('a service of the type %s publishes %j', (type, shown, entry) => {
    const { services } = read({ 'a.yaml': `${deployment('a')}---\n${service('a', type)}` });
    expect(services).toMatchObject([{ name: 'a', entry, ports: shown.map((one) => ({ shown: one })) }]);
  });

  test('a policy leaves in whom it names, and one that cannot be read protects nothing', () => {
    const policy = (selector: string): string =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec:\n  podSelector: ${selector}\n  ingress: [{ from: [{ podSelector: { matchLabels: { app: a } } }] }]\n`;
    const files = (selector: string) => ({
      'all.yaml': [deployment('a'), deployment('b'), policy(selector)].join('---\n'),
    });
    const allowed = (selector: string) =>
      read(files(selector)).services.map(({ name, allowedFrom }) => [name, allowedFrom]);
    expect(allowed('{ matchLabels: { app: b } }')).toEqual([
      ['a', null],
      ['b', ['a']],
    ]);
    const expression = '{ matchExpressions: [{ key: app, operator: In, values: [b] }] }';
    expect(allowed(expression)).toEqual([
      ['a', null],
      ['b', null],
    ]);
    expect(unreadOf(files(expression))).toEqual([expect.stringContaining('"matchExpressions" are not read')]);
  });

  test('a variable from a ConfigMap has its place there', () => {
    const env = '          envFrom: [{ configMapRef: { name: c } }, { configMapRef: { name: gone } }]\n';
    const files = {
      'a.yaml': `${deployment('a', env)}---\n${deployment('b')}---\n${service('b', 'ClusterIP')}`,
      'c.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n  B_URL: http://b.default.svc:80\n',
    };
    expect(read(files).connections).toMatchObject([
      { from: 'a', to: 'b', encrypted: false, place: { file: 'c.yaml', line: 5 } },
    ]);
    expect(unreadOf(files)).toEqual([expect.stringContaining('The ConfigMap gone is not in the subject')]);
  });

  test.each(['Widget', 'constructor'])('the kind %s, which is not read, is named', (kind) => {
    expect(unreadOf({ 'x.yaml': `apiVersion: x/v1\nkind: ${kind}\nmetadata: { name: w }\n` })).toEqual([
      `x.yaml:2 Objects of the kind ${kind} are not read.`,
    ]);
  });
});

describe('what cannot be read', () => {
  test.each([
    [
      'YAML with an error',
      { 'compose.yaml': 'services:\n  a:\n    image: "x\n' },
      /compose\.yaml:\d+ It is not valid YAML/,
    ],
    [
      'a key that occurs twice',
      { 'data.yaml': 'version: 1\nversion: 1\n' },
      /data\.yaml:2 It is not valid YAML/,
    ],
    ['an empty file', { 'costs.yaml': '' }, /costs\.yaml:null It is empty/],
    ['bytes that are no text', { 'compose.yaml': '\u0000' }, /compose\.yaml/],
    ['a document that is too large', { 'a.md': 'x'.repeat(256 * 1024 + 1) }, /a\.md:null It is larger/],
    [
      'a file that is too large',
      { 'data.yaml': '#'.repeat(1024 * 1024 + 1) },
      /data\.yaml:null It is larger/,
    ],
    [
      'a document of too many blocks within blocks',
      { 'a.md': `# A\n\n${'> - '.repeat(5000)}` },
      /a\.md:null .*too deeply/,
    ],
    [
      'YAML of too many lists within lists',
      { 'data.yaml': '['.repeat(50_000) },
      /data\.yaml:\d+ It is not valid YAML from here on: it is nested too deeply/,
    ],
    [
      'aliases that grow beyond measure',
      {
        'compose.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefg'
          .split('')
          .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdef'[index]}`).join(',')}]`)
          .join('\n')}\n`,
      },
      /compose\.yaml:1 It is not valid YAML/,
    ],
    [
      'an entry of costs that is none',
      { 'costs.yaml': 'version: 1\ncurrency: EUR\nservices:\n  a: { monthly: -1 }\n  b: { monthly: 2 }\n' },
      /costs\.yaml:4 "monthly"/,
    ],
    [
      'a share of more than all',
      { 'costs.yaml': 'version: 1\ncurrency: EUR\nservices:\n  a: { monthly: 1, revenue_share: 1.5 }\n' },
      /costs\.yaml:4 "revenue_share"/,
    ],
    [
      'a control with a check that there is not',
      { 'compliance.yaml': 'version: 1\ncontrols:\n  - { id: A, title: a, status: met, check: prayer }\n' },
      /compliance\.yaml:3 "check"/,
    ],
    [
      'a key that is not known',
      { 'data.yaml': 'version: 1\nclasses: []\nowner: me\n' },
      /data\.yaml:3 "owner" is not known/,
    ],
  ])('%s is said with file, line and reason', (_name, files, says) => {
    expect(unreadOf(files)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
  });

  test('is a finding of the analysis that it is for', async () => {
    const files = { 'compose.yaml': 'services: [a]\n', 'data.yaml': 'classes: 1\n' };
    const rules = async (analysis: string) =>
      analysisSchema.parse(await analyse(analysis, files)).findings.filter(({ rule }) => rule === 'not-read');
    expect(await rules('architectural-risk')).toMatchObject([{ file: 'compose.yaml', line: 1 }]);
    expect((await rules('data-flow-analysis')).every(({ file }) => file === 'data.yaml')).toBe(true);
    expect(await rules('document-analysis')).toEqual([]);
  });

  test('a line that is long is no reason to be slow', () => {
    const spaces = ' '.repeat(100_000);
    const files = {
      'a.md': `Owner: a${spaces}b`,
      'compose.yaml': 'services: { a: { image: "a:1", env_file: x } }',
      x: `A=${spaces}b`,
    };
    expect(read(files).documents[0]?.claims[0]?.value.length).toBeLessThan(300);
  }, 2000);

  test('no text of any file ends an analysis', async () => {
    const names = ['compose.yaml', 'k8s.yaml', 'a.md', 'costs.yaml', 'compliance.yaml', 'data.yaml'];
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'services',
            'a',
            'ports',
            'environment',
            'version',
            'classes',
            'controls',
            'kind',
            'spec',
          ),
          tie('value'),
        ),
      ),
    }));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      value.map((one) => JSON.stringify(one)),
      value.map((one) => JSON.stringify({ apiVersion: 'v1', kind: 'Deployment', spec: one })),
      value.map((one) => JSON.stringify({ services: { a: one } })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), text, async (name, content) => {
        for (const analysis of coreAnalyses)
          analysisSchema.parse(await analyse(analysis, { [name]: content }));
      }),
      { numRuns: 60 },
    );
  });
});
