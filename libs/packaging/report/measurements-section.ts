import { ofKind } from '../../synthesis/report.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

const percent = (value: number | null): string => (value === null ? 'not counted' : `${value} %`);

/** The subject's tests before and after, with the coverage by them; nothing where none were run. */
export function testsSection({ collected, delivered }: ReportData): Html | null {
  const [infrastructure] = ofKind(collected, 'infrastructure');
  const { validation } = delivered;
  const rows = [
    ...(infrastructure
      ? [['before', infrastructure.report.baseline, infrastructure.report.coverage] as const]
      : []),
    ...(validation ? [['after', validation.tests, validation.coverage] as const] : []),
  ];
  const ran = rows.at(-1)?.[1];
  if (!ran) return null;
  return html`<p>Command: <code>${ran.command}</code>, by ${ran.runner}.</p>
<div class="scroll"><table><tr><th></th><th class="n">Tests</th><th class="n">passed</th><th class="n">failed</th><th class="n">skipped</th><th class="n">Lines covered</th><th class="n">Functions</th><th class="n">Branches</th></tr>
${rows.map(
  ([
    when,
    run,
    coverage,
  ]) => html`<tr><td>${when}</td><td class="n">${run.tests.length}</td><td class="n">${run.passed}</td><td class="n">${run.failed}</td><td class="n">${run.skipped}</td>
<td class="n">${percent(coverage.lines)}</td><td class="n">${percent(coverage.functions)}</td><td class="n">${percent(coverage.branches)}</td></tr>
`,
)}</table></div>`;
}

/**
 * Findings by tool, before and after; a tool that did not look both times has no second figure. Nothing where no report
 * counts findings.
 */
export function findingsSection({ collected, delivered }: ReportData): Html | null {
  const code = ofKind(collected, 'code')[0]?.report;
  if (!code) return null;
  const before = new Map<string, number>();
  for (const { tool, count } of code.byRule) before.set(tool, (before.get(tool) ?? 0) + count);
  const after = new Map(Object.entries(delivered.validation?.findings.byTool ?? {}));
  const tools = [...new Set([...before.keys(), ...after.keys()])].sort();
  return html`<div class="scroll"><table><tr><th>Tool</th><th class="n">before</th><th class="n">after</th></tr>
${tools.map(
  (
    tool,
  ) => html`<tr><td>${tool}</td><td class="n">${before.get(tool) ?? 0}</td><td class="n">${after.get(tool) ?? 'not looked at'}</td></tr>
`,
)}</table></div>
<details><summary>Most frequent before</summary><div class="scroll"><table><tr><th>Rule</th><th class="n">Findings</th><th class="n">Files</th></tr>
${code.byRule.slice(0, 12).map(
  ({
    tool,
    rule,
    count,
    files,
  }) => html`<tr><td>${tool} <code>${rule}</code></td><td class="n">${count}</td><td class="n">${files}</td></tr>
`,
)}</table></div></details>`;
}

/** Risks that the analysis found, each with its evidence. */
export function risksSection({ synthesis }: ReportData): Html {
  const { riskAssessment } = synthesis.synthesis;
  if (riskAssessment.length === 0) return html`<p>None was found.</p>`;
  return html`<div class="scroll"><table><tr><th>Severity</th><th>Risk</th><th>Evidence</th></tr>
${riskAssessment.map(
  ({
    severity,
    risk,
    evidence,
  }) => html`<tr><td>${severity}</td><td class="mid">${risk}</td><td class="wide">${evidence}</td></tr>
`,
)}</table></div>`;
}
