import { continuedId } from '../../continuation/continued-work.js';
import { count } from '../../synthesis/order.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/**
 * The run that this one goes on from, what was taken over of it, and what became of each thing that it had left; nothing
 * where the run started anew.
 */
export function resumptionSection({ resumption, assignment, execution }: ReportData): Html | null {
  if (resumption === null) return null;
  const { run, how, discoveries, results, captured } = resumption;
  const completed = new Set(execution.results.map(({ item }) => item));
  const doneBy = (index: number): string => {
    const item = assignment.graph.items.find(
      ({ rules }) => rules?.discovered?.by === continuedId && rules.discovered.index === index,
    );
    if (!item) return 'left again';
    return `${completed.has(item.id) ? 'done' : 'not completed'}: ${item.id}`;
  };
  return html`<p>The run <code>${run}</code> (${how}), on the workspace <code>${captured.snapshot.digest}</code>. Taken over: ${count(results.length, 'result')}.</p>
${
  discoveries.length > 0 &&
  html`<p>What that run found and left:</p>
<div class="scroll"><table><tr><th class="n">Number</th><th>Follow-up</th><th>Done when</th><th>What became of it</th></tr>
${discoveries.map(
  ({ description, done }, index) =>
    html`<tr><td class="n">${index + 1}</td><td class="wide">${description}</td><td class="wide">${done}</td><td class="of">${doneBy(index)}</td></tr>
`,
)}</table></div>`
}`;
}
