import type { Lacking, Synthesis } from '../contracts/reports/synthesis.js';
import { escapeMarkdown } from './escape-markdown.js';
import { saysOf } from './plain-reports.js';
import { renderFinal } from './render-final.js';

/**
 * A synthesis as Markdown for people. Everything that comes from a subject is escaped, so that it cannot become markup
 * of its own.
 */
export function renderSynthesis({
  phase,
  inputs,
  missing,
  notNeeded = [],
  synthesis,
  decisions,
  lacking = [],
  final,
}: Synthesis): string {
  const {
    conflicts,
    riskAssessment,
    codePatterns,
    dependencies,
    architectureMap,
    infrastructureState,
    reports,
  } = synthesis;
  return `${[
    `# ${titleOf(phase)}`,
    ...(final ? renderFinal(final) : []),
    '## Decisions',
    escapeMarkdown(decisions.implementationStrategy) || 'No strategy was decided.',
    list('Order', decisions.priorityOrder.map(escapeMarkdown), 'ordered'),
    '## Risks',
    table(
      ['Severity', 'Risk', 'Evidence'],
      riskAssessment.map(({ severity, risk, evidence }) => [severity, risk, evidence]),
    ),
    '## Conflicts',
    table(
      ['Severity', 'Between', 'About', 'Resolution'],
      conflicts.map(({ severity, between, about, resolution }) => [
        severity,
        between.join(', '),
        about,
        resolution ?? 'open',
      ]),
    ),
    ...(reports
      ? [
          '## Reports',
          table(
            ['Item', 'Agent', 'What it says'],
            reports.map(({ item, agent, facts, lists }) => [item, agent, saysOf(facts, lists)]),
          ),
        ]
      : []),
    '## Patterns in the code',
    table(
      ['Rule', 'Findings', 'Files'],
      codePatterns
        .slice(0, mostRows)
        .map(({ pattern, count, files }) => [pattern, String(count), String(files)]),
    ),
    more(codePatterns.length),
    '## Dependencies',
    table(
      ['Package', 'Licence', 'Used by'],
      dependencies
        .slice(0, mostRows)
        .map(({ name, license, usedBy }) => [name, license ?? 'none', usedBy.join(', ')]),
    ),
    more(dependencies.length),
    '## Map of the architecture',
    json(architectureMap),
    '## State of the infrastructure',
    json(infrastructureState),
    '## Resources',
    json(decisions.resourceAllocation),
    '## Inputs',
    table(
      ['Item', 'Agent', 'Outcome'],
      inputs.map(({ item, agent, outcome }) => [item, agent, outcome]),
    ),
    list(
      'Missing',
      missing.map((item) => escapeMarkdown(missingSays(item, lacking))),
      'plain',
    ),
    list('Not needed', notNeeded.map(escapeMarkdown), 'plain'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** An item that is missing, with its agent, its code, and who decided to do without it. */
function missingSays(item: string, lacking: readonly Lacking[]): string {
  const found = lacking.find((one) => one.item === item);
  if (!found) return item;
  const { agent, code, waived } = found;
  const by = agent === null ? '' : ` by ${agent}`;
  return `${item}${by}: ${code}${waived ? `; ${waived.by} decided to do without: ${waived.reason}` : ''}`;
}

const mostRows = 50;

const more = (rows: number): string => (rows > mostRows ? `And ${rows - mostRows} more.` : '');

const titleOf = (phase: string): string => {
  const words = escapeMarkdown(phase.replaceAll('_', ' '));
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None.';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(escapeMarkdown)))].join(
    '\n',
  );
}

function list(title: string, entries: readonly string[], kind: 'ordered' | 'plain'): string {
  if (entries.length === 0) return '';
  return [
    `${title}:`,
    '',
    ...entries.map((entry, index) => `${kind === 'ordered' ? `${index + 1}.` : '-'} ${entry}`),
  ].join('\n');
}

/** Indented, not fenced: no text in it can end the block. */
const json = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
