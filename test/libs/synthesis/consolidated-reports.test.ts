import { describe, expect, it } from 'vitest';
import { consolidate } from '../../../libs/synthesis/consolidate.js';
import type { Collected } from '../../../libs/synthesis/report.js';
import { architecture, code, collected, infrastructure, review, reviewGraph, tests } from './reports.js';

const synthesisOf = (...arrived: Collected[]) =>
  consolidate({
    ...{ phase: 'analysis_consolidation', arrived, missing: [] },
    ...{ graph: reviewGraph, weights: review.fitness },
  }).synthesis;

describe('what a consolidation takes from reports', () => {
  it('maps the architecture as its report gave it, with the files that belong to no component', () => {
    const report = architecture({
      components: [
        { name: 'lib', files: 2, lines: 100, imports: ['bin'] },
        { name: 'bin', files: 1, lines: 7, imports: [] },
      ],
      imports: [
        { from: 'lib/a.js', to: 'lib/b.js' },
        { from: 'lib/b.js', to: 'bin/run.js' },
      ],
      cycles: [['lib/a.js', 'lib/b.js']],
      external: [{ name: 'mocha', kind: 'package', declared: true, importedBy: ['lib/a.js'] }],
      integrationPoints: [{ kind: 'process', file: 'bin/run.js', detail: 'child_process' }],
      configuration: [{ file: 'package.json', configures: 'the package' }],
    });
    const file = (name: string) => ({ file: name, lines: 1, functions: 0, maxComplexity: 0 });
    const files = ['tools/z.js', 'lib/a.js', 'main.js', 'bin/run.js'].map(file);
    const arrived = [collected('code', code({ files })), collected('architecture', report)];
    expect(synthesisOf(...arrived).architectureMap).toEqual({
      components: report.components,
      imports: 2,
      cycles: report.cycles,
      external: report.external,
      integrationPoints: report.integrationPoints,
      configuration: report.configuration,
      unmapped: ['main.js', 'tools/z.js'],
    });
  });

  it('states the infrastructure as its report gave it, and of tests and secrets how many there are', () => {
    const baseline = tests({ one: 'pass', two: 'fail', three: 'skip' }, 1);
    const report = infrastructure({
      environment: {
        node: 'v22.1.0',
        runner: 'mocha',
        scripts: { test: 'mocha' },
        engines: '>=22',
      },
      baseline,
      coverage: { lines: 71.5, functions: 64, branches: null },
      secrets: [{ rule: 'aws', file: 'lib/a.js', line: 3, keyedHash: 'x' }],
      licenses: { declared: 'ISC', valid: true, files: ['LICENCE.md'], dependencies: [] },
    });
    expect(synthesisOf(collected('infrastructure', report)).infrastructureState).toEqual({
      environment: report.environment,
      baseline: { ...baseline, tests: 3 },
      coverage: { lines: 71.5, functions: 64, branches: null },
      secrets: 1,
      license: { declared: 'ISC', valid: true, files: ['LICENCE.md'] },
    });
  });

  it('says nothing of the architecture or the infrastructure where nobody reported on it', () => {
    const { architectureMap, infrastructureState } = synthesisOf(collected('code', code()));
    expect({ architectureMap, infrastructureState }).toEqual({
      architectureMap: {},
      infrastructureState: {},
    });
  });
});
