import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

const percent = (value: number | null): string => (value === null ? 'not counted' : `${value} %`);

/** How the candidates stand, each with what was measured of it. */
export function candidatesSection({ judgement, best }: ReportData): Html {
  return html`<table>
<tr><th>Candidate</th><th>Strategy</th><th>Agent</th><th class="n">Fitness</th><th class="n">Tests passed</th><th class="n">failed</th><th class="n">broken</th><th class="n">missing</th><th class="n">Findings</th><th class="n">Lines changed</th><th class="n">Functions covered</th><th>Eligible</th></tr>
${judgement.standings.map(
  (
    one,
  ) => html`<tr class="${one.item === best.item ? 'best' : ''}"><td>${one.candidate}</td><td>${one.strategy}</td><td>${one.agent}</td>
<td class="n">${one.fitness ?? 'none'}</td><td class="n">${one.testsPassed}</td><td class="n">${one.testsFailed}</td><td class="n">${one.broken}</td><td class="n">${one.missing}</td>
<td class="n">${one.findings}</td><td class="n">${one.linesChanged}</td><td class="n">${percent(one.functionCoverage)}</td>
<td class="${one.eligible ? 'yes' : 'no'}">${one.eligible ? 'yes' : 'no'}: ${one.reason}</td></tr>
`,
)}</table>`;
}

/** The subject's tests before and after, with the coverage by them. */
export function testsSection({ infrastructure, validation }: ReportData): Html {
  if (!infrastructure) return html`<p>No baseline was measured.</p>`;
  const rows = [
    ['before', infrastructure.baseline, infrastructure.coverage] as const,
    ...(validation ? [['after', validation.tests, validation.coverage] as const] : []),
  ];
  return html`<p>Command: <code>${infrastructure.baseline.command}</code>, by ${infrastructure.baseline.runner}.</p>
<table><tr><th></th><th class="n">Tests</th><th class="n">passed</th><th class="n">failed</th><th class="n">skipped</th><th class="n">Lines covered</th><th class="n">Functions</th><th class="n">Branches</th></tr>
${rows.map(
  ([
    when,
    run,
    coverage,
  ]) => html`<tr><td>${when}</td><td class="n">${run.tests.length}</td><td class="n">${run.passed}</td><td class="n">${run.failed}</td><td class="n">${run.skipped}</td>
<td class="n">${percent(coverage.lines)}</td><td class="n">${percent(coverage.functions)}</td><td class="n">${percent(coverage.branches)}</td></tr>
`,
)}</table>`;
}

/** Findings by tool, before and after; a tool that did not look both times has no second figure. */
export function findingsSection({ code, validation }: ReportData): Html {
  if (!code) return html`<p>No findings were counted.</p>`;
  const before = new Map<string, number>();
  for (const { tool, count } of code.byRule) before.set(tool, (before.get(tool) ?? 0) + count);
  const after = new Map(Object.entries(validation?.findings.byTool ?? {}));
  const tools = [...new Set([...before.keys(), ...after.keys()])].sort();
  return html`<table><tr><th>Tool</th><th class="n">before</th><th class="n">after</th></tr>
${tools.map(
  (
    tool,
  ) => html`<tr><td>${tool}</td><td class="n">${before.get(tool) ?? 0}</td><td class="n">${after.get(tool) ?? 'not looked at'}</td></tr>
`,
)}</table>
<p>Most frequent before:</p>
<table><tr><th>Rule</th><th class="n">Findings</th><th class="n">Files</th></tr>
${code.byRule.slice(0, 12).map(
  ({
    tool,
    rule,
    count,
    files,
  }) => html`<tr><td>${tool} <code>${rule}</code></td><td class="n">${count}</td><td class="n">${files}</td></tr>
`,
)}</table>`;
}
