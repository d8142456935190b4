import { join } from 'node:path';
import { argv, cpuUsage } from 'node:process';
import { readMicroProgram } from '../../libs/agents/micro-program.js';
import { mediaType } from '../../libs/artifacts/media-types.js';
import { openStore } from '../../libs/artifacts/open-store.js';
import { microAgents } from '../../libs/roster/micro.js';
import { readInputs } from '../../libs/segments/read-inputs.js';
import { runSegment } from '../../libs/segments/run-segment.js';
import { logLines } from './log-lines.js';

/**
 * Executes segments one after another, from a number on until a time: each list is made, stored, read, executed and
 * committed. A line of output for each says when it was done.
 */
const [, , folder = '.', from = '0', until = '0', size = '50000'] = argv;
const [manifest] = microAgents;
if (!manifest) throw new Error('There is no micro agent.');
const store = openStore(join(folder, 'store'));
const agent = await readMicroProgram(join(import.meta.dirname, '../../libs/agents'), manifest);
for (let number = Number(from); Date.now() < Number(until); number += 1) {
  const before = cpuUsage();
  const made = await store.put(JSON.stringify({ lines: logLines(number, Number(size)) }), mediaType.json);
  const over = { accepted: made, inputs: { made }, over: 'made.lines', chunk: 500 };
  const inputs = await readInputs({ store, ...over });
  const prefix = `segments/bench/${number}`;
  const { completed, failed } = await runSegment({ store, prefix, inputs, agent, attempts: 2, tolerate: 0 });
  const { user, system } = cpuUsage(before);
  console.log(JSON.stringify({ number, completed, failed, at: Date.now(), cpuMs: (user + system) / 1000 }));
}
