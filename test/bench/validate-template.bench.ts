import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { mostItems } from '../../libs/contracts/template.js';
import { validateTemplate } from '../../libs/templates/validate-template.js';

const repetitions = 3;

/** As many items as are possible, most of them with a condition over one before and an input of it. */
function largest() {
  const levels = ['HIGH', 'LOW'];
  const items = Array.from({ length: mostItems }, (_, at) => {
    const before = [...new Set([at - 1, at >> 1, at >> 2])].filter((one) => one >= 0 && one < at);
    const asked = before[0] === undefined ? undefined : `item-${before[0]}`;
    return {
      id: `item-${at}`,
      title: `Item ${at}`,
      category: 'analysis',
      work: { kind: 'agent', capability: 'analyse.code' },
      depends_on: before.map((one) => `item-${one}`),
      ...(asked && { condition: `${asked}.count > ${at % 7} OR ${asked}.level == '${levels[at % 2]}'` }),
      ...(asked && { inputs: { count: `${asked}.count` } }),
      expects: { type: 'object', properties: { count: { type: 'integer' }, level: { enum: levels } } },
      done: { says: 'It is counted.', expression: `result.count > ${at % 5}` },
    };
  });
  const input = { type: 'object', required: ['subject'], properties: { subject: { type: 'string' } } };
  return { name: 'largest', version: '1.0.0', title: 'L', description: 'Largest.', input, items };
}

test('how long it takes to check a template of as many items as are possible', () => {
  const template = largest();
  for (const [kind, text] of [
    ['JSON', JSON.stringify(JSON.parse(JSON.stringify(template)))],
    ['YAML', stringify(JSON.parse(JSON.stringify(template)))],
  ] as const) {
    const times = Array.from({ length: repetitions }, () => {
      const [wall, processor] = [performance.now(), process.cpuUsage()];
      expect(validateTemplate(text).problems).toEqual([]);
      const { user, system } = process.cpuUsage(processor);
      return { wall: performance.now() - wall, processor: (user + system) / 1000 };
    }).sort((one, other) => one.wall - other.wall);
    const { wall = 0, processor = 0 } = times[repetitions >> 1] ?? {};
    console.log(
      `${mostItems} items, ${(text.length / 1e6).toFixed(1)} MB of ${kind}: ` +
        `${wall.toFixed(0)} ms, ${processor.toFixed(0)} ms of processor (median of ${repetitions})`,
    );
  }
});
