import { millisecondsOf, type Template } from '../../contracts/template.js';
import type { Body } from '../expected-report.js';

/** What a barrier takes, in milliseconds, where it says nothing: it only puts together what has come. */
const ofBarrier = 1000;

/** Which part of its timeout an item takes, where nothing says how long it is expected to take. */
const partOfTimeout = 4;

/** How long an item is expected to take, and what says so. */
export interface ExpectedDuration {
  readonly ms: number;
  readonly by: 'item' | 'category' | 'barrier' | 'timeout';
}

/**
 * How long an item of a template is expected to take: as it says itself, else as its category says, else a second for
 * a barrier and a quarter of the timeout for what an agent does.
 */
export function expectedDuration(template: Template, body: Body): ExpectedDuration {
  const own = body.expected && millisecondsOf(body.expected);
  if (own) return { ms: own, by: 'item' };
  const category = template.categories[body.category]?.expected;
  const ofCategory = category && millisecondsOf(category);
  if (ofCategory) return { ms: ofCategory, by: 'category' };
  const { kind } = body.work;
  if (kind === 'consolidation' || kind === 'checkpoint') return { ms: ofBarrier, by: 'barrier' };
  const timeout = millisecondsOf(body.timeout ?? template.defaults.timeout) ?? ofBarrier;
  return { ms: Math.max(1, Math.round(timeout / partOfTimeout)), by: 'timeout' };
}
