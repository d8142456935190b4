import type { FinalReport } from '../contracts/reports/final-report.js';
import { escapeMarkdown } from './escape-markdown.js';

/** The parts that a final consolidation adds to a synthesis, as Markdown for people. All texts are escaped. */
export function renderFinal(final: FinalReport): string[] {
  const { projectSummary, deploymentReadiness, monitoringSetup, rollbackPlan } = final;
  const { changesImplemented, testsPassed, testsFailed, documentationUpdated } = projectSummary;
  return [
    '## Executive summary',
    escapeMarkdown(final.executiveSummary),
    '## Readiness',
    `Status: ${deploymentReadiness.status}. Deployment window: ${escapeMarkdown(deploymentReadiness.deploymentWindow ?? 'not reported')}.`,
    ...list('Blockers', deploymentReadiness.blockers),
    ...list('Warnings', deploymentReadiness.warnings),
    '## Success criteria',
    answers(final.successCriteria),
    '## What was changed',
    ...list(
      'Steps',
      changesImplemented.map(
        ({ item, agent, strategy, files, left }) =>
          `${item} by ${agent} (${strategy}): ${files.length} changed, ${left} left`,
      ),
    ),
    `Tests: ${testsPassed ?? 'not reported'} passed, ${testsFailed ?? 'not reported'} failed.`,
    ...list('Documents', documentationUpdated),
    '## Technical details',
    ...list('Details', final.technicalDetails),
    '## Deployment instructions',
    ...list('Steps', final.deploymentInstructions),
    ...(final.deploymentChecklist.length > 0 ? ['Checklist:', answers(final.deploymentChecklist)] : []),
    '## Monitoring',
    ...list('Configuration', final.monitoringConfiguration),
    ...list('Dashboards', monitoringSetup.dashboardsCreated),
    '## Rollback plan',
    ...list('Triggers', rollbackPlan.triggers),
    ...list('Procedures', rollbackPlan.procedures),
    ...list('Validation', rollbackPlan.validationSteps),
    '## Known issues',
    ...list('Issues', final.knownIssues),
    ...list('Nobody reported on', final.notReported),
  ];
}

const list = (title: string, entries: readonly string[]): string[] => [
  entries.length === 0
    ? `${title}: none.`
    : [`${title}:`, '', ...entries.map((entry) => `- ${escapeMarkdown(entry)}`)].join('\n'),
];

const answers = (all: FinalReport['successCriteria']): string =>
  [
    '| Criterion | Met | Evidence |',
    '| --- | --- | --- |',
    ...all.map(
      ({ says, met, evidence }) =>
        `| ${escapeMarkdown(says)} | ${met === null ? 'not reported' : met ? 'yes' : 'no'} | ${escapeMarkdown(evidence)} |`,
    ),
  ].join('\n');
