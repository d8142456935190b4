import type { Synthesis } from '../contracts/reports/synthesis.js';
import { assuranceOf } from './assurance-of.js';
import { count, unique } from './order.js';
import type { Collected } from './report.js';

type Conflict = Synthesis['synthesis']['conflicts'][number];

/** Where assurance states the same fact more than once, and not the same: how much would be published. */
export function assuredConflicts(inputs: readonly Collected[]): Conflict[] {
  const { performance, endToEnd, deployment } = assuranceOf(inputs);
  const stated = [
    ...(deployment ? [{ item: deployment.item, ...deployment.report.published }] : []),
    ...(endToEnd ? [{ item: endToEnd.item, ...endToEnd.report.packed }] : []),
    ...(performance ? [{ item: performance.item, ...performance.report.size.after }] : []),
  ];
  const [counts] = stated;
  const said = unique(
    stated.map(({ files, bytes }) => `${count(files, 'file')} with ${count(bytes, 'byte')}`),
  );
  if (!counts || said.length === 1) return [];
  return [
    {
      between: stated.map(({ item }) => item),
      about: `What would be published is ${said.join(', and ')}.`,
      severity: 'minor',
      resolution: `What ${counts.item} says counts: it comes first of deployment, end to end and performance.`,
    },
  ];
}
