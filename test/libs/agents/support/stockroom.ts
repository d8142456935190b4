import { join } from 'node:path';

/** A small library that does some things again and again, in places where that can be mended and others. */
export const stockroom = join(import.meta.dirname, '../../../fixtures/stockroom');

export const suite = { command: 'node --test' };
