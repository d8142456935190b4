import { describe, expect, test } from 'vitest';
import { headOf } from '../../../libs/evidence/record-problems.js';
import { factsOfRecords } from '../../../libs/evidence/seal-facts.js';
import { digestOf } from '../../support/run-evidence.js';
import { recordOf } from '../../support/small-records.js';
import { smallRun } from '../../support/small-run.js';

const failure = { code: 'VerificationFailed', message: 'Rejected by pass A.' };

describe('of its records a seal says', () => {
  test('which is the last, by which template it was done, and by which agents', async () => {
    const small = await smallRun();
    const { store, accepted, execution } = small;
    const records = [await recordOf(small, 'ingest'), await recordOf(small, 'execute')];
    const { head, templateDigest, manifests } = await factsOfRecords(store, records);
    expect(head).toBe(headOf(records.slice(1)));
    expect(templateDigest).toBe(accepted.request.template.digest);
    expect(manifests).toEqual(
      execution.results
        .flatMap(({ agent }) => (agent ? [{ agent: agent.id, manifest: agent.manifest }] : []))
        .sort((a, b) => (a.agent < b.agent ? -1 : 1)),
    );
    expect(manifests.length).toBeGreaterThan(3);
  });

  test('each agent once with each manifest by which it worked', async () => {
    const small = await smallRun();
    const work = (item: string, manifest: string) => ({
      item,
      agent: 'agent.one',
      manifest: digestOf(manifest),
      outcome: digestOf(item),
    });
    const agents = [work('a', 'first'), work('b', 'second'), work('c', 'first')];
    const { manifests } = await factsOfRecords(small.store, [await recordOf(small, 'execute', { agents })]);
    expect(manifests.map(({ manifest }) => manifest).sort()).toEqual(
      [digestOf('first'), digestOf('second')].sort(),
    );
  });

  test('nothing where there is none', async () => {
    const { store } = await smallRun();
    const nothing = { head: null, templateDigest: null, manifests: [] };
    expect(await factsOfRecords(store, [])).toEqual(nothing);
  });

  test('no template where the request was not accepted, or what was accepted cannot be read', async () => {
    const small = await smallRun();
    const { store } = small;
    for (const change of [
      { failure },
      { output: digestOf('nowhere') },
      { output: small.refs.executed.digest },
    ])
      expect(await factsOfRecords(store, [await recordOf(small, 'ingest', change)])).toMatchObject({
        templateDigest: null,
      });
    expect((await factsOfRecords(store, [await recordOf(small, 'assign')])).templateDigest).toBeNull();
  });
});
