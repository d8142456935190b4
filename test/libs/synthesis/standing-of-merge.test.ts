import { describe, expect, it } from 'vitest';
import { type MergeReport, mergeReportSchema } from '../../../libs/contracts/reports/merge.js';
import { standingSchema } from '../../../libs/contracts/reports/synthesis.js';
import { fitnessOf, measurementsOf } from '../../../libs/synthesis/fitness.js';
import { standingOfMerge } from '../../../libs/synthesis/standing-of-merge.js';
import { standingOf } from '../../../libs/synthesis/standings.js';
import { code, digestOf, review, validation } from './reports.js';

const measurements = measurementsOf(code(), validation(), { checks: 2, ok: 2 });

const merge = (improved: boolean): MergeReport =>
  mergeReportSchema.parse({
    kind: 'merge',
    seed: digestOf('seed'),
    parents: [],
    parts: [],
    evaluations: [],
    budget: { evaluations: 16 },
    stopped: 'evaluations',
    result: {
      candidate: improved ? 'D' : 'B',
      workspace: { digest: digestOf('workspace'), files: 1, bytes: 1 },
      fitness: fitnessOf(measurements, review.fitness),
      measurements,
      validation: { digest: digestOf(validation()), size: 1, mediaType: 'application/json' },
      improved,
      says: 'It was found.',
      lineage: [],
    },
  } satisfies MergeReport);

describe('the standing of Model D', () => {
  it('is what its validation and its checks make it, by no item of the graph', () => {
    const standing = standingOfMerge(merge(true), validation());
    expect(standingSchema.parse(standing)).toEqual(standing);
    const contender = {
      candidate: 'D',
      item: 'merge',
      strategy: 'merge',
      agent: 'heptad',
      workspace: digestOf('workspace'),
    };
    const verification = { checks: 2, ok: 2 };
    expect(standing).toEqual(
      standingOf({ ...contender, validation: validation(), verification }, code(), review.fitness),
    );
  });

  it('is none where a parent was not bettered: that one has a standing', () => {
    expect(standingOfMerge(merge(false), validation())).toBeUndefined();
  });
});
