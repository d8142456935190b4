import type { MergeReport } from '../../contracts/reports/merge.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** Rows that the page shows; the rest is in `reports/merge.json`. */
const mostParts = 80;
const mostEvaluations = 60;

const stoppedSays: Readonly<Record<MergeReport['stopped'], string>> = {
  'nothing-to-merge': 'there was nothing to merge',
  'no-better-neighbour': 'no neighbouring combination was better',
  evaluations: 'the number of evaluations that the template allows was reached',
  time: 'the time that the template allows was over',
};

/** How Model D came to be: which part it has from whom, and every combination that was tried; nothing where none competed. */
export function mergeSection({ merge }: ReportData): Html | null {
  if (!merge) return null;
  const { result, evaluations, budget, parts } = merge;
  return html`<p>${result.says}</p>
<p class="soft">${evaluations.length} of at most ${budget.evaluations} combinations of ${parts.length} parts were built and tested in sandboxes; the search ended because ${stoppedSays[merge.stopped]}. Every draw follows from the seed <code>${merge.seed.slice(0, 19)}…</code>, so it can be done again.</p>
${result.lineage.length > 0 && lineage(merge)}
${evaluations.length > 0 && tried(merge)}`;
}

function lineage({ result, parts }: MergeReport): Html {
  const kinds = new Map(parts.map((part) => [part.id, part]));
  const share = new Map<string, number>();
  for (const { from } of result.lineage) share.set(nameOf(from), (share.get(nameOf(from)) ?? 0) + 1);
  const shares = [...share].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return html`<h3>Which part is from whom</h3>
<div class="share">${shares.map(
    ([name, number]) =>
      html`<i class="${name === base && 'base'}" style="flex:${number}" title="${number} parts">${name}: ${number}</i>`,
  )}</div>
<details><summary>${result.lineage.length} parts</summary><div class="scroll"><table><tr><th>File</th><th>Part</th><th>From</th></tr>
${result.lineage.slice(0, mostParts).map(({ part, path, from }) => {
  const found = kinds.get(part);
  return html`<tr><td><code>${path}</code></td><td>${found ? `${found.kind}${found.where === null ? '' : ` ${found.where}`}` : part}</td><td>${nameOf(from)}</td></tr>
`;
})}</table></div>${left(result.lineage.length, mostParts)}</details>`;
}

const base = 'unchanged';

const nameOf = (from: readonly string[]): string =>
  from.map((name) => (name === 'base' ? base : name)).join(' and ');

function tried({ evaluations }: MergeReport): Html {
  return html`<details><summary>${evaluations.length} combinations that were tried</summary><div class="scroll"><table><tr><th class="n">Number</th><th class="n">Generation</th><th class="n">Fitness</th><th class="n">Findings</th><th class="n">Lines</th><th>Why</th></tr>
${evaluations.slice(0, mostEvaluations).map(
  ({
    number,
    generation,
    fitness,
    measurements,
    eligible,
    reason,
  }) => html`<tr><td class="n">${number}</td><td class="n">${generation}</td><td class="n">${fitness ?? 'none'}</td><td class="n">${measurements?.findings.after}</td><td class="n">${measurements?.change.lines}</td><td class="${eligible ? 'soft' : 'no'}">${reason}</td></tr>
`,
)}</table></div>${left(evaluations.length, mostEvaluations)}</details>`;
}

const left = (all: number, shown: number): Html | false =>
  all > shown && html`<p class="soft">${all - shown} more are in <code>reports/merge.json</code>.</p>`;
