import { isNotNeeded } from '../../graph/not-needed.js';
import { firstOf } from '../../synthesis/order.js';
import { saysOf } from '../../synthesis/plain-reports.js';
import { layout } from '../layout.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** What reports say that keep to a contract of the template's own, and what was not needed; nothing where there is none. */
export function reportsSection({ synthesis, execution }: ReportData): Html | null {
  const { reports = [] } = synthesis.synthesis;
  const spared = execution.unfinished.filter(isNotNeeded).map(({ item }) => item);
  if (reports.length === 0 && spared.length === 0) return null;
  return html`${
    reports.length > 0 &&
    html`<div class="scroll"><table><tr><th>Item</th><th>Agent</th><th>What it says</th><th>File</th></tr>
${reports.map(
  ({ item, agent, facts, lists }) =>
    html`<tr><td class="of">${item}</td><td>${agent}</td><td class="wide">${saysOf(facts, lists)}</td><td><code>${layout.reports.item(item)}</code></td></tr>
`,
)}</table></div>`
  }${spared.length > 0 && html`<p>Not needed, and so not done: ${firstOf(spared, 20)}.</p>`}`;
}
