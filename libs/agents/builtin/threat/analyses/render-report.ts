import { type Finding, severities } from '../../../../contracts/reports/finding.js';
import type { RiskAssessment, ThreatReport } from '../../../../contracts/reports/threat.js';
import { escapeMarkdown } from '../../../../synthesis/escape-markdown.js';
import type { Outcomes } from '../outcomes.js';

/** Findings and paths that the report shows; all of them are in the outcomes. */
const most = { findings: 40, paths: 10 } as const;

/** The report for people, as Markdown. What comes from the subject is escaped. */
export function renderReport(report: Omit<ThreatReport, 'markdown'>, outcomes: Outcomes): string {
  const assessment = outcomes.get('risk-assessment');
  const sections = [
    ['# Threat assessment', headline(report, assessment)],
    ['## How the risk comes about', contributions(assessment)],
    ['## Ways to the data', paths(outcomes)],
    ['## What to do', measures(outcomes)],
    ['## Findings', findingTable(outcomes.findings())],
    ...(report.problems.length === 0
      ? []
      : [['## What does not fit', list(report.problems.map(escapeMarkdown))]]),
  ];
  return `${sections.flat().join('\n\n')}\n`;
}

const headline = (
  { risk_level, confidence, branch }: Omit<ThreatReport, 'markdown'>,
  { risk_score }: RiskAssessment,
) =>
  `Risk **${risk_level}**, score ${risk_score} of 100, confidence ${confidence}. It was followed by: ${branch}.`;

const contributions = ({ contributions: all, reasons }: RiskAssessment): string =>
  [
    table(
      ['analysis', 'weight', 'score', 'coverage', 'adds'],
      all.map(({ analysis, weight, score, coverage, adds }) => [analysis, weight, score, coverage, adds]),
    ),
    list(reasons),
  ].join('\n\n');

function paths(outcomes: Outcomes): string {
  const targets = outcomes.find('attack-path-analyzer')?.targets ?? [];
  const rows = targets.flatMap(({ service, classification, effort, distinct, paths: [first] }) =>
    first === undefined
      ? []
      : [
          [
            escapeMarkdown(service),
            classification ?? 'not said',
            effort ?? '',
            distinct,
            escapeMarkdown(['internet', ...first.steps.map(({ to }) => to)].join(' > ')),
          ],
        ],
  );
  if (rows.length === 0) return 'No path was found.';
  return table(['target', 'data', 'effort', 'distinct paths', 'cheapest path'], rows.slice(0, most.paths));
}

function measures(outcomes: Outcomes): string {
  const high = outcomes.find('high-risk-analysis');
  if (high !== undefined)
    return table(
      ['measure', 'days', 'paths cut', 'paths left'],
      high.plan.map(({ measure, days, cuts, left }) => [escapeMarkdown(measure), days, cuts, left]),
    );
  const low = outcomes.find('low-risk-summary');
  if (low !== undefined) return escapeMarkdown(low.statement);
  const review = outcomes.find('standard-risk-review');
  if (review === undefined) return 'No branch of the assessment says.';
  return [
    list(
      review.gaps.map(
        ({ analysis, coverage, unchecked }) => `${analysis}: coverage ${coverage}, ${unchecked} not checked.`,
      ),
    ),
    table(
      ['rule', 'severity', 'count', 'example'],
      review.priorities.map(({ rule, severity, count, example }) => [
        rule,
        severity,
        count,
        escapeMarkdown(example),
      ]),
    ),
  ].join('\n\n');
}

function findingTable(findings: readonly Finding[]): string {
  const sorted = findings.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const rows = sorted
    .slice(0, most.findings)
    .map(({ severity, rule, file, line, message }) => [
      severity,
      rule,
      escapeMarkdown(file === null ? '' : `${file}${line === null ? '' : `:${line}`}`),
      escapeMarkdown(message),
    ]);
  if (rows.length === 0) return 'There are none.';
  const more = sorted.length - rows.length;
  return [
    table(['severity', 'rule', 'place', 'finding'], rows),
    ...(more > 0 ? [`And ${more} more.`] : []),
  ].join('\n\n');
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
