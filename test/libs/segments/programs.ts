import type { MicroProgram } from '../../../libs/segments/execute-inputs.js';
import { small } from '../sandbox/wasm/limits.js';

/** A program that doubles numbers; it throws at 13, never ends at 17, and breaks its schema at 19. */
export const doubling: MicroProgram = {
  id: 'doubling',
  source: `
    function agent(n) {
      if (n === 13) throw new RangeError('unlucky');
      while (n === 17);
      return n === 19 ? { twice: 'nineteen' } : { twice: 2 * n };
    }`,
  limits: small,
  outcome: {
    type: 'object',
    required: ['twice'],
    additionalProperties: false,
    properties: { twice: { type: 'integer' } },
  },
};

/** Numbers from 0 on, without those at which it fails. */
export const good = (count: number): number[] =>
  Array.from({ length: count }, (_, n) => ([13, 17, 19].includes(n) ? 1000 + n : n));
