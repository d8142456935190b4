import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heptad } from '../../../support/heptad.js';

describe('heptad lint', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heptad-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('says where what is wrong, and ends with 1', async () => {
    await writeFile(join(folder, '.todo'), '- [ ] One\n- Two\n');
    const { code, out, err } = await heptad(['lint', folder]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '.todo:2:1: This is no task: it begins with neither [ ] nor [x].\n',
      err: '',
    });
  });

  it('ends with 0 where nothing is wrong, and gives JSON to machines', async () => {
    await writeFile(join(folder, '.sop'), '# A\n\nFor this.\n\n1. Do it.\n   - command: true\n');
    expect(await heptad(['lint', folder])).toMatchObject({ code: 0, out: '.sop: 1 steps, no problem.\n' });
    const { out } = await heptad(['--json', 'lint', folder]);
    expect(JSON.parse(out)).toMatchObject({
      files: [{ file: '.sop', problems: [], items: [{ number: 1, text: 'Do it.', command: 'true' }] }],
    });
  });

  it('refuses a folder that has neither file', async () => {
    const { code, err } = await heptad(['lint', folder]);
    expect(code).toBe(2);
    expect(err).toContain('There is neither .sop nor .todo in it.');
  });
});
