import { escapeMarkdown } from '../synthesis/escape-markdown.js';
import type { ReportData } from './report/report-data.js';

/** `CONTINUITY.md` of a package: where the work stands, and what whoever goes on with it needs to know. */
export function continuityPage({ run, accepted, judgement, best, synthesis, execution }: ReportData): string {
  const { captured } = accepted;
  const { conflicts } = synthesis.synthesis;
  const open = conflicts.filter(({ resolution }) => resolution === null);
  return `${[
    '# Where the work stands',
    list([
      `Run ${run} on ${escapeMarkdown(captured.title)}: ${judgement.decision}, candidate ${best.candidate}.`,
      `To go back to the subject as it was captured: snapshot \`${captured.snapshot.digest}\`.`,
      `What is delivered: snapshot \`${best.workspace}\`, by \`changes.patch\`.`,
    ]),
    '## Decided',
    escapeMarkdown(synthesis.decisions.implementationStrategy) || 'No strategy was decided.',
    '## To look at next',
    list(
      [
        ...judgement.warnings,
        ...open.map(({ about }) => `Open conflict: ${about}`),
        ...execution.unfinished.map(({ item, status, code }) => `${item} ${status} with ${code}.`),
      ].map(escapeMarkdown),
    ) || 'Nothing is open.',
  ].join('\n\n')}\n`;
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
