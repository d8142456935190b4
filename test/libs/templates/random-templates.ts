import fc from 'fast-check';

const kinds = [
  { kind: 'agent', capability: 'analyse.code' },
  { kind: 'agent', agent: 'reader' },
  { kind: 'consolidation' },
  { kind: 'checkpoint' },
] as const;

const counted = { says: 'It is counted.', schema: { type: 'object', required: ['count'] } };
const tested = { says: 'It is tested.', command: 'npm test' };

const outcome = {
  type: 'object',
  properties: { count: { type: 'integer' }, level: { enum: ['HIGH', 'LOW'] } },
};

/** Sound templates as people write them: each item waits for some of those before it, and may ask one for its facts. */
export const templates = fc
  .array(
    fc.record({
      work: fc.constantFrom(...kinds),
      category: fc.constantFrom('analysis', 'implementation', 'own'),
      byCommand: fc.boolean(),
      before: fc.array(fc.nat(), { maxLength: 4 }),
      asks: fc.boolean(),
      above: fc.integer({ min: -5, max: 5 }),
      timeout: fc.constantFrom('30s', '2 minutes', undefined),
      priority: fc.constantFrom('low', 'critical', undefined),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => ({
    name: 'random',
    version: '1.0.0',
    title: 'Random',
    description: 'A random template.',
    input: { type: 'object', required: ['subject'], properties: { subject: { type: 'string' } } },
    categories: { own: {} },
    items: drawn.map(({ before, asks, above, work, byCommand, timeout, priority, ...item }, index) => {
      const depends_on = index === 0 ? [] : [...new Set(before.map((at) => `item-${at % index}`))];
      const [first] = depends_on;
      const asked = first === undefined ? undefined : drawn[Number(first.slice('item-'.length))];
      return {
        id: `item-${index}`,
        title: `Item ${index}`,
        work,
        done: byCommand && work.kind === 'agent' ? tested : counted,
        depends_on,
        ...(work.kind === 'agent' ? { expects: outcome } : {}),
        ...(asks && asked?.work.kind === 'agent' ? { condition: `${first}.count > ${above}` } : {}),
        ...(timeout === undefined ? {} : { timeout }),
        ...(priority === undefined ? {} : { priority }),
        ...item,
      };
    }),
  }));
