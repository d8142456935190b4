import { isNotNeeded } from '../graph/not-needed.js';
import { escapeMarkdown } from '../synthesis/escape-markdown.js';
import { leftOfControlFiles } from './control-files.js';
import { deliveredName } from './delivered-name.js';
import { layout } from './layout.js';
import type { ReportData } from './report/report-data.js';

/** `CONTINUITY.md` of a package: where the work stands, and what whoever goes on with it needs to know. */
export function continuityPage({
  run,
  accepted,
  judgement,
  delivered,
  merge,
  synthesis,
  execution,
  evidence,
  assignment,
  resumption,
}: ReportData): string {
  const { captured } = accepted;
  const { conflicts } = synthesis.synthesis;
  const open = conflicts.filter(({ resolution }) => resolution === null);
  const waived = evidence.flatMap(({ phase, waiver }) => (waiver ? [{ phase, waiver }] : []));
  return `${[
    '# Where the work stands',
    list([
      `Run ${run} on ${escapeMarkdown(captured.title)}: ${judgement.decision}, ${deliveredName(delivered)}.`,
      ...(resumption
        ? [
            `It goes on from the run ${resumption.run} (${resumption.how}), see \`${layout.reports.resumption}\`.`,
          ]
        : []),
      `To go back to the subject as it was captured: snapshot \`${captured.snapshot.digest}\`.`,
      delivered.candidate === 'none'
        ? 'Nothing is changed: what is delivered are the reports.'
        : `What is delivered: snapshot \`${delivered.workspace.digest}\`, by \`${layout.artifacts.patch}\`.`,
    ]),
    '## Decided',
    escapeMarkdown(synthesis.decisions.implementationStrategy) || 'No strategy was decided.',
    list(
      [
        ...(merge ? [merge.result.says] : []),
        ...(delivered.insteadOfMerge ? [delivered.insteadOfMerge] : []),
      ].map(escapeMarkdown),
    ) || 'Nothing competed.',
    '## To look at next',
    list(
      [
        ...waived.map(
          ({ phase, waiver }) => `${waiver.by} waived a failed check of ${phase}: ${waiver.reason}`,
        ),
        ...delivered.judgement.warnings,
        ...open.map(({ about }) => `Open conflict: ${about}`),
        ...execution.unfinished
          .filter((one) => !isNotNeeded(one))
          .map(({ item, status, code }) => `${item} ${status} with ${code}.`),
        ...leftOfControlFiles(assignment),
      ].map(escapeMarkdown),
    ) || 'Nothing is open.',
  ].join('\n\n')}\n`;
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
