import { describe, expect, it } from 'vitest';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { readScores } from '../../../libs/synthesis/read-scores.js';
import { checksOn, type ExecuteRecordOptions, executeRecord } from '../../support/execute-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function recorded(changes: ExecuteRecordOptions['changes'] = {}) {
  const store = openStore(await temporaryFolder());
  const executed = await store.putJson('executed');
  const checks = { A: checksOn('result', ['improve-a']), B: checksOn('again', ['improve-a'], ['improve-a']) };
  return { store, executed, record: await executeRecord(store, { run: 'r', executed, checks, changes }) };
}

describe('scores are read from the record of execute', () => {
  it('by item, of all its verdicts', async () => {
    const { store, executed, record } = await recorded();
    expect(await readScores(store, record, executed)).toEqual(new Map([['improve-a', { checks: 2, ok: 1 }]]));
  });

  it('not of another execution', async () => {
    const { store, record } = await recorded();
    await expect(readScores(store, record, await store.putJson('another'))).rejects.toMatchObject({
      code: 'InputInvalid',
    });
  });

  it.each([
    ['another run', { run: 'other' }],
    ['another phase', { phase: 'verify' as const }],
    ['another pass', { pass: 'C' as const }],
    ['another output', { output: `sha256:${'0'.repeat(64)}` as const }],
  ])('not from a verdict of %s', async (_, changes) => {
    const { store, executed, record } = await recorded(changes);
    await expect(readScores(store, record, executed)).rejects.toMatchObject({ code: 'InputInvalid' });
  });
});
