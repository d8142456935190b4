import { jsonSchema } from '../json-schema.js';
import { changing, type Forgery, forgeriesOf } from './forgery.js';

type Outcome = Record<string, unknown>;

/** Forgeries of what every phase stages, whatever it is. */
const forgeries: readonly Forgery<unknown>[] = [
  {
    name: 'output-cut-off',
    by: 'A',
    forge: async ({ judged: { output }, store }) => {
      const bytes = await store.get(output.digest);
      return { output: await store.put(bytes.subarray(0, Math.floor(bytes.length / 2)), output.mediaType) };
    },
  },
  {
    name: 'output-no-text',
    by: 'A',
    forge: async ({ judged: { output }, store }) => ({
      output: await store.put(Buffer.from([0xff, 0xfe, 0x00]), output.mediaType),
    }),
  },
  {
    name: 'output-empty',
    by: 'A',
    forge: async ({ judged: { output }, store }) => ({ output: await store.put('', output.mediaType) }),
  },
  {
    name: 'output-of-nothing',
    by: 'A',
    forge: async ({ judged: { output } }) => ({
      output: { ...output, digest: `sha256:${'0'.repeat(64)}` },
    }),
  },
  {
    name: 'output-with-wrong-size',
    by: 'A',
    forge: async ({ judged: { output } }) => ({ output: { ...output, size: output.size + 1 } }),
  },
  changing('unknown-field', (outcome) => ({ ...(outcome as Outcome), approved: true })),
  changing('another-kind', (outcome) => ({ ...(outcome as Outcome), kind: 'approval' })),
  changing('no-kind', (outcome) => {
    const { kind: _, ...rest } = outcome as Outcome;
    return rest;
  }),
  {
    name: 'output-of-another-phase',
    by: 'A',
    forge: async ({ judged: { input } }) => {
      const [first] = Object.values(input);
      return first && { output: first };
    },
  },
  {
    name: 'inputs-changed-for-one-another',
    by: 'A',
    forge: async ({ judged: { input } }) => {
      const [one, other] = Object.keys(input).filter((name) => !name.startsWith('record-'));
      if (one === undefined || other === undefined) return undefined;
      const [first, second] = [input[one], input[other]];
      return first && second && { input: { ...input, [one]: second, [other]: first } };
    },
  },
  { name: 'no-inputs', by: 'A', forge: async () => ({ input: {} }) },
  {
    name: 'input-of-nothing',
    by: 'A',
    forge: async ({ judged: { input } }) => {
      const [name] = Object.keys(input);
      const ref = name === undefined ? undefined : input[name];
      if (name === undefined || !ref) return undefined;
      return { input: { ...input, [name]: { ...ref, digest: `sha256:${'f'.repeat(64)}` } } };
    },
  },
  {
    name: 'input-with-wrong-size',
    by: 'A',
    forge: async ({ judged: { input } }) => {
      const [name] = Object.keys(input);
      const ref = name === undefined ? undefined : input[name];
      if (name === undefined || !ref) return undefined;
      return { input: { ...input, [name]: { ...ref, size: ref.size + 1 } } };
    },
  },
];

export const commonForgeries = forgeriesOf<unknown>(jsonSchema, forgeries);
