import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { openStore } from '../../../../libs/artifacts/open-store.js';
import { inChunks } from '../../../../libs/segments/cut-inputs.js';
import { runSegment } from '../../../../libs/segments/run-segment.js';
import { doubling } from '../programs.js';

/** Executes the segment over the `inputs.json` of a folder, with its store. */
const folder = argv[2] ?? '.';
await runSegment({
  store: openStore(join(folder, 'store')),
  prefix: 'segments/r/item',
  inputs: inChunks(JSON.parse(readFileSync(join(folder, 'inputs.json'), 'utf8')), 10),
  agent: doubling,
  attempts: 1,
  tolerate: 0,
});
