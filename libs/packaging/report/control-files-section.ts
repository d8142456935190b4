import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** What the subject's control files asked for, what became of it, and what is wrong with them; nothing where it has none. */
export function controlFilesSection({ assignment, execution }: ReportData): Html | null {
  const { controlFiles = [] } = assignment;
  if (controlFiles.length === 0) return null;
  const completed = new Set(execution.results.map(({ item }) => item));
  const endOf = (items: readonly string[]): string =>
    items.every((id) => completed.has(id)) ? 'done' : 'not completed';
  return html`${controlFiles.map(
    ({ file, problems, items }) => html`<h3><code>${file}</code></h3>
${
  items.length > 0 &&
  html`<div class="scroll"><table><tr><th class="n">Line</th><th>What it asks for</th><th>What became of it</th><th>Items</th></tr>
${items.map(
  ({ line, text, fate, reason, items: made }) =>
    html`<tr><td class="n">${line}</td><td class="wide">${text}</td><td>${fate === 'admitted' ? endOf(made) : `${fate}: ${reason ?? ''}`}</td><td class="of">${made.join(', ')}</td></tr>
`,
)}</table></div>`
}${
  problems.length > 0 &&
  html`<ul>${problems.map(({ line, column, says }) => html`<li><code>${file}:${line}:${column}</code> ${says}</li>`)}</ul>`
}`,
  )}`;
}
