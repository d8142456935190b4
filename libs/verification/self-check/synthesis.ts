import { isDeepStrictEqual } from 'node:util';
import { executionSchema } from '../../contracts/phase.js';
import type { Lacking, Synthesis } from '../../contracts/reports/synthesis.js';
import { isNotNeeded } from '../../graph/not-needed.js';
import { lackingOf } from '../../synthesis/lacking.js';
import { byCodeUnit } from '../../synthesis/order.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';
import { reportProblems } from './report-problems.js';

/** Pass A of coordinate: the synthesis takes in each result of execute exactly once, as it is, and nothing else. */
export async function checkSynthesis(judged: Judged, checks: CheckList, synthesis: Synthesis): Promise<void> {
  checks.problems(
    'adds-up',
    'Inputs are named once; none is both there and missing.',
    reportProblems.synthesis(synthesis),
  );
  await checks.attempt(
    'inputs-are-results',
    `${synthesis.inputs.length} inputs are the results of execute.`,
    async (problems) => {
      const { graph, results, unfinished } = await readInput(judged, 'executed', executionSchema);
      const inputs = new Map(synthesis.inputs.map((input) => [input.item, input]));
      for (const { item, outcome, agent } of results) {
        const input = inputs.get(item);
        if (!input) problems.push(`The result of ${item} was not taken in.`);
        else if (input.outcome !== outcome.digest)
          problems.push(`The outcome of ${item} is not the one that execute handed on.`);
        else if (agent && input.agent !== agent.id)
          problems.push(`The outcome of ${item} is of ${agent.id}, not of ${input.agent}.`);
      }
      const known = new Set(results.map(({ item }) => item));
      for (const item of inputs.keys())
        if (!known.has(item)) problems.push(`${item} was taken in, but execute has no result of it.`);
      const named = (items: readonly string[]): string => [...items].sort().join(', ') || 'none';
      const lacking = named(unfinished.filter((one) => !isNotNeeded(one)).map(({ item }) => item));
      const spared = named(unfinished.filter(isNotNeeded).map(({ item }) => item));
      if (lacking !== named(synthesis.missing))
        problems.push(`Missing are ${lacking}, not ${named(synthesis.missing)}.`);
      if (!isDeepStrictEqual(byItem(synthesis.lacking ?? []), byItem(lackingOf(unfinished, graph))))
        problems.push('Why results are missing, or who waived them, is not what execute says.');
      if (spared !== named(synthesis.notNeeded ?? []))
        problems.push(`Not needed are ${spared}, not ${named(synthesis.notNeeded ?? [])}.`);
    },
  );
  await checks.attempt(
    'conflicts-settled',
    'Each conflict names its parties; open are only critical ones, which block.',
    (problems) => {
      for (const { about, between, severity, resolution } of synthesis.synthesis.conflicts) {
        if (between.length === 0) problems.push(`The conflict "${about}" is between nobody.`);
        if (resolution === null && severity !== 'critical')
          problems.push(`The conflict "${about}" is not settled.`);
      }
    },
  );
}

const byItem = (lacking: readonly Lacking[]): Lacking[] =>
  lacking.toSorted((a, b) => byCodeUnit(a.item, b.item));
