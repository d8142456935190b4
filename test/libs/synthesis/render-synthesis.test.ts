import { expect, it } from 'vitest';
import { consolidate } from '../../../libs/synthesis/consolidate.js';
import { renderSynthesis } from '../../../libs/synthesis/render-synthesis.js';
import { analysis, architecture, collected, infrastructure, review, reviewGraph } from './reports.js';

const rendered = (arrived = analysis(), missing: string[] = []) =>
  renderSynthesis(
    consolidate({
      phase: 'analysis_consolidation',
      arrived,
      missing,
      graph: reviewGraph,
      weights: review.fitness,
    }),
  );

it('shows decisions, risks, conflicts, patterns, dependencies, maps and inputs', () => {
  const page = rendered(analysis(), ['late']);
  expect(page).toMatch(/^# Analysis consolidation\n/);
  for (const heading of ['Decisions', 'Risks', 'Conflicts', 'Patterns in the code', 'Dependencies', 'Inputs'])
    expect(page).toContain(`\n## ${heading}\n`);
  expect(page).toContain('1. file lib/a.js');
  expect(page).toContain('| biome noVar | 2 | 1 |');
  expect(page).toContain('Missing:\n\n- late\n');
});

it('lets nothing of a subject become markup', () => {
  const evil = '<img src=x onerror=alert(1)>|[x](javascript:y)`\n# Title';
  const page = rendered([
    collected(
      'architecture',
      architecture({ external: [{ name: evil, kind: 'package', declared: true, importedBy: [evil] }] }),
    ),
    collected(
      'infrastructure',
      infrastructure({ licenses: { declared: evil, valid: false, files: [], dependencies: [] } }),
    ),
  ]);
  const outsideCode = page
    .split('\n')
    .filter((line) => !line.startsWith('    '))
    .join('\n');
  expect(outsideCode).not.toMatch(/(?<!\\)<img|(?<!\\)\[x|^# Title/m);
  expect(outsideCode).toContain('\\<img');
});
