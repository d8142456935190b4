import type { Standing } from '../../contracts/reports/synthesis.js';
import { candidateNames } from '../../synthesis/candidate-names.js';
import { parentOf } from '../choose-delivered.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** How the candidates stand, and Model D beside them, each with what was measured of it; nothing where none competed. */
export function candidatesSection(data: ReportData): Html | null {
  const { template, delivered } = data;
  const rows = rowsOf(data);
  if (rows.length === 0) return null;
  const weights = Object.entries(template.fitness).map(([name, weight]) => `${name} ${weight}`);
  return html`<p>Fitness is computed from what was measured, never from times; weights: ${weights.join(', ')}. Who breaks a test that passed before has none.</p>
<div class="scroll"><table>
<tr><th>Result</th><th class="n">Fitness</th><th></th><th>Strategy</th><th>Agent</th><th class="n">Tests passed</th><th class="n">broken</th><th class="n">missing</th><th class="n">Findings</th><th class="n">Complexity</th><th class="n">Lines</th><th class="n">Checks ok</th><th>Why</th></tr>
${rows.map(({ name, standing }) => rowOf(name, standing, standing.workspace === delivered.workspace.digest))}</table></div>
<p class="soft">Findings and complexity: before → after. Checks: those that verifiers made on the result. The row that is coloured is delivered.</p>`;
}

function rowsOf({ judgement, delivered, merge }: ReportData): { name: string; standing: Standing }[] {
  const names = candidateNames(judgement.standings);
  const candidates = judgement.standings.map((standing) => ({
    name: `Candidate ${names.get(standing.item)}`,
    standing,
  }));
  // Where the merge ended with a candidate, that one stands there already.
  if (!merge || !delivered.standing || parentOf(merge) || delivered.insteadOfMerge !== null)
    return candidates;
  return [...candidates, { name: 'Model D', standing: delivered.standing }];
}

function rowOf(name: string, one: Standing, best: boolean): Html {
  const { fitness, measurements, eligible } = one;
  const change = (pair: { before: number; after: number } | undefined): string =>
    pair ? `${pair.before} → ${pair.after}` : '';
  const checks = measurements?.verification;
  return html`<tr class="${best && 'best'}"><td class="of">${name}</td><td class="n">${fitness ?? 'none'}</td><td>${fitness !== null && html`<span class="meter"><i style="width:${Math.max(0, Math.min(100, fitness * 100)).toFixed(1)}%"></i></span>`}</td>
<td>${one.strategy}</td><td>${one.agent}</td><td class="n">${one.testsPassed}</td><td class="n">${one.broken}</td><td class="n">${one.missing}</td>
<td class="n">${change(measurements?.findings) || one.findings}</td><td class="n">${change(measurements?.complexity)}</td><td class="n">${one.linesChanged}</td><td class="n">${checks && `${checks.ok} of ${checks.checks}`}</td>
<td class="wide ${eligible ? 'soft' : 'no'}">${eligible ? '' : 'Not eligible: '}${one.reason}</td></tr>
`;
}
