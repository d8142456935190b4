import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiDouble } from '../../../support/api-double.js';
import { heptad } from '../../../support/heptad.js';
import { wholeEvidence } from '../../../support/run-evidence.js';
import { completedView, failedView, wholeScript } from '../../../support/run-script.js';

describe('heptad demo, where a service answers', () => {
  const api = new ApiDouble();
  const { artifacts, blobs } = wholeEvidence();

  beforeEach(async () => {
    api.runs.clear();
    api.accepted.clear();
    for (const [digest, value] of blobs) api.blobs.set(digest, value);
    api.script = (run) => ({ ...wholeScript(completedView(run)), artifacts });
    await api.start();
  });

  afterEach(() => api.stop());

  const demo = (...args: string[]) =>
    heptad(['demo', ...args], { env: { HEPTAD_API_PORT: String(api.port), HEPTAD_DATA: '/nonexistent' } });

  it('starts the run on ejs, tells where to look, and waits for the seal', async () => {
    const { code, out } = await demo();
    const lines = out.split('\n');
    expect(lines[0]).toBe(`Run              http://127.0.0.1:${api.port}/v1/runs/r1`);
    expect(lines[1]).toBe('Run in Web UI    http://127.0.0.1:8233/namespaces/default/workflows/run-r1');
    expect(out).toContain('The run is sealed.');
    expect(code).toBe(0);
    const [request] = [...api.accepted.values()].map(({ body }) => body);
    expect(request).toMatchObject({
      template: 'repository-review',
      input: {
        subject: expect.stringMatching(/^npm:ejs@1\.0\.0#sha512-hK3tEqj0/),
        test: {
          command: 'mocha --require should --reporter dot test/ejs.js',
          tools: { mocha: '10.8.2', should: '3.3.2' },
        },
      },
    });
  });

  it('ends with phases, agents, candidates, verdicts, decision and change, and the package on its last line', async () => {
    const { out } = await demo();
    expect(out).toMatch(/^3 execute +done +6\.0 s +execute is done$/m);
    expect(out).toMatch(/^validate\.B +agent-of-validate\.B +–$/m);
    expect(out).toMatch(/^D +merge +0\.612 +92 → 45 +210 → 203 +140 +2\/2 +35\/35 +42\.0 % +best$/m);
    expect(out).toMatch(/^A +strategy-A +0\.310 +92 → 62 .* eligible$/m);
    expect(out).toMatch(/^D is merged: 2 parts of B, 1 of A or C, 1 of the subject\.$/m);
    expect(out).toMatch(/^execute +passed +passed +passed$/m);
    expect(out).toContain('Not run: B and C of ingest, assign, coordinate, verify, deliver, conclude. ');
    expect(out).toContain('decision  PROCEED\n          The subject has a licence. (no field, no file)');
    expect(out).toContain('changed   3 files, 80 lines added, 60 removed');
    expect(out).toContain('findings  92 → 45\nbranches  210 → 203 (cyclomatic complexity, summed)');
    expect(out).toContain('tests     35 → 35 pass; they run 42.0 % of the functions');
    expect(out).toContain('time      42.0 s');
    expect(out.endsWith('\npackage: /data/packages/r1\n')).toBe(true);
  });

  it('exits with 1 and names no package when the run fails', async () => {
    api.script = (run) => wholeScript(failedView(run));
    const { code, out } = await demo();
    expect(code).toBe(1);
    expect(out).toContain('failure   The subject has no tests that can be run. [NoTests]');
    expect(out).not.toContain('package:');
  });

  it('prints only JSON with --json', async () => {
    const { code, out } = await demo('--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      run: { id: 'r1', package: '/data/packages/r1' },
      best: 'D',
      merged: { candidate: 'D', improved: true, insteadOfMerge: null },
    });
  });
});
