import { describe, expect, it } from 'vitest';
import type { Synthesis } from '../../../libs/contracts/reports/synthesis.js';
import { checkpoint } from '../../../libs/synthesis/checkpoint.js';
import { consolidate } from '../../../libs/synthesis/consolidate.js';
import type { Collected } from '../../../libs/synthesis/report.js';
import { analysis, architecture, code, collected, infrastructure, review, reviewGraph } from './reports.js';

const expected = ['architecture', 'code', 'infrastructure'];

const synthesisOf = (arrived: readonly Collected[], missing: readonly string[] = []): Synthesis =>
  consolidate({
    phase: 'analysis_consolidation',
    arrived,
    missing,
    graph: reviewGraph,
    weights: review.fitness,
  });

const unmet = (synthesis: Synthesis | undefined): string[] =>
  checkpoint(synthesis, expected)
    .criteria.filter(({ met }) => !met)
    .map(({ id }) => id);

describe('the checkpoint', () => {
  it('passes where all three completed and nothing stands against it, with evidence for each criterion', () => {
    const outcome = checkpoint(synthesisOf(analysis()), expected);
    expect(outcome.passed).toBe(true);
    expect(outcome.criteria.map(({ id }) => id)).toEqual([
      'all-completed',
      'no-critical-conflict',
      'architecture-complete',
      'risks-documented',
      'strategy-defined',
    ]);
    expect(outcome.criteria.every(({ evidence }) => evidence.length > 10)).toBe(true);
  });

  it('does not pass where one did not complete, and names it', () => {
    const outcome = checkpoint(synthesisOf(analysis().slice(0, 2), ['infrastructure']), expected);
    expect(outcome.passed).toBe(false);
    expect(outcome.criteria[0]).toMatchObject({ met: false, evidence: 'Missing: infrastructure.' });
  });

  it('does not take it for complete that what was expected is not named as missing', () => {
    expect(unmet(synthesisOf(analysis().slice(1)))).toContain('all-completed');
    expect(checkpoint(synthesisOf([]), []).criteria[0]?.met).toBe(false);
  });

  it('does not pass with a critical conflict that is open', () => {
    expect(unmet(synthesisOf([...analysis(), collected('code', code({ files: [] }))]))).toContain(
      'no-critical-conflict',
    );
  });

  it('does not pass where the map is empty, has an empty component, or lacks files of the library', () => {
    const [, two, three] = analysis() as [Collected, Collected, Collected];
    const mapOf = (components: Parameters<typeof architecture>[0]) =>
      unmet(synthesisOf([collected('architecture', architecture(components)), two, three]));
    expect(mapOf({ components: [] })).toContain('architecture-complete');
    expect(mapOf({ components: [{ name: 'lib', files: 0, lines: 0, imports: [] }] })).toContain(
      'architecture-complete',
    );
    expect(mapOf({ components: [{ name: 'src', files: 1, lines: 1, imports: [] }] })).toContain(
      'architecture-complete',
    );
  });

  it('does not pass where risks are not known, or stand there without evidence', () => {
    expect(unmet(synthesisOf(analysis().slice(0, 2)))).toContain('risks-documented');
    const synthesis = synthesisOf(analysis());
    synthesis.synthesis.riskAssessment.push({ risk: 'It may rain.', severity: 'minor', evidence: ' ' });
    expect(unmet(synthesis)).toEqual(['risks-documented']);
  });

  it('does not pass without a strategy or an order', () => {
    const synthesis = synthesisOf(analysis());
    expect(
      unmet({ ...synthesis, decisions: { ...synthesis.decisions, implementationStrategy: '' } }),
    ).toEqual(['strategy-defined']);
    expect(unmet({ ...synthesis, decisions: { ...synthesis.decisions, priorityOrder: [] } })).toEqual([
      'strategy-defined',
    ]);
  });

  it('needs no order where nothing was found', () => {
    const nothing = code({
      findings: [],
      byRule: [],
      byFile: [],
      totals: { style: 0, correctness: 0, debt: 0, all: 0 },
    });
    const synthesis = synthesisOf([
      collected('architecture', architecture()),
      collected('code', nothing),
      collected('infrastructure', infrastructure()),
    ]);
    expect(unmet(synthesis)).toEqual([]);
  });

  it('does not pass without a consolidation', () => {
    expect(checkpoint(undefined, expected)).toMatchObject({
      passed: false,
      criteria: [{ id: 'all-completed', met: false }],
    });
  });
});
