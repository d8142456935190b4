import { isDeepStrictEqual } from 'node:util';
import { phaseRecordSchema } from '../../contracts/evidence.js';
import { acceptedRequestSchema, executionSchema } from '../../contracts/phase.js';
import type { Judgement, Standing } from '../../contracts/reports/synthesis.js';
import { templateSchema } from '../../contracts/template.js';
import { collect } from '../../synthesis/collect.js';
import { completeness } from '../../synthesis/completeness.js';
import { decisionOf } from '../../synthesis/decision.js';
import { handedOn } from '../../synthesis/handed-on.js';
import { readResults } from '../../synthesis/read-results.js';
import { readScores } from '../../synthesis/read-scores.js';
import { bestOf, standings as standingsOf } from '../../synthesis/standings.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { inputOf, readInput } from '../read-input.js';
import { isUncontested } from './is-uncontested.js';
import { recordEvidence } from './record-evidence.js';

/** Pass A of verify: the decision, the best candidate and each standing follow from what they are said to follow from. */
export async function checkJudgement(judged: Judged, checks: CheckList, judgement: Judgement): Promise<void> {
  const { decision, criteria, standings, best } = judgement;
  const expected = decisionOf(judgement);
  const ids = criteria.map(({ id }) => id);
  checks.problems(
    'decision-follows',
    `${decision} follows from ${criteria.length} criteria and ${judgement.warnings.length} warnings.`,
    [
      ...(expected === decision
        ? []
        : [`Criteria and warnings make it ${expected}, but it is stated as ${decision}.`]),
      ...(criteria.length === 0 ? ['There is no criterion.'] : []),
      ...ids
        .filter((id, index) => ids.indexOf(id) !== index)
        .map((id) => `The criterion ${id} is named twice.`),
      ...criteria.filter(({ evidence }) => !evidence).map(({ id }) => `The criterion ${id} has no evidence.`),
    ],
  );
  checks.problems(
    'best-follows',
    best === null ? 'No candidate is eligible.' : `${best} is the best eligible candidate.`,
    bestProblems(standings, best),
  );
  await checks.attempt(
    'scores-signed',
    'The record of execute and the verdicts in it are signed by those whose they are.',
    async (problems) => {
      const record = await readInput(judged, 'executeRecord', phaseRecordSchema);
      problems.push(...(await recordEvidence(judged, record)));
    },
  );
  await checks.attempt(
    'standings-measured',
    `${standings.length} standings follow from what execute measured.`,
    async (problems) => {
      const { results, graph } = await readInput(judged, 'executed', executionSchema);
      const { request } = await readInput(judged, 'accepted', acceptedRequestSchema);
      const template = await judged.store.getJson(request.template.digest, templateSchema);
      const collected = await readResults(judged.store, results, graph.items, template);
      const scores = await readScores(
        judged.store,
        inputOf(judged, 'executeRecord'),
        inputOf(judged, 'executed'),
      );
      const found = standingsOf(collected, template.fitness, scores);
      const measured = new Map(found.map((one) => [one.item, one]));
      for (const standing of standings) {
        const { item } = standing;
        const found = measured.get(item);
        measured.delete(item);
        problems.push(
          ...(found ? differences(item, standing, found) : [`${item} has a standing, but was not measured.`]),
        );
      }
      for (const item of measured.keys()) problems.push(`${item} was measured, but has no standing.`);
    },
  );
  await checkCompleteness(judged, checks, judgement);
}

/** Where nothing competed, whether the work is done follows from what execute handed on. */
async function checkCompleteness(judged: Judged, checks: CheckList, { criteria }: Judgement): Promise<void> {
  if (!(await isUncontested(judged))) return;
  await checks.attempt(
    'completeness-follows',
    'Items, checkpoints and the result are as execute handed them on.',
    async (problems) => {
      const execution = await readInput(judged, 'executed', executionSchema);
      const { request } = await readInput(judged, 'accepted', acceptedRequestSchema);
      const template = await judged.store.getJson(request.template.digest, templateSchema);
      const { graph, results, unfinished } = execution;
      const { inputs } = collect(await readResults(judged.store, results, graph.items, template));
      const expected = completeness({ graph, unfinished, inputs, handedOn: handedOn(execution) });
      for (const one of expected)
        if (!criteria.some((criterion) => isDeepStrictEqual(criterion, one)))
          problems.push(`The criterion ${one.id} is not as it follows: ${one.evidence}`);
    },
  );
}

function differences(item: string, stated: Standing, found: Standing): string[] {
  const facts = Object.entries(found) as [keyof Standing, unknown][];
  return facts
    .filter(([fact, value]) => !isDeepStrictEqual(stated[fact], value))
    .map(
      ([fact, value]) => `${item} is stated with ${fact} ${said(stated[fact])}; measured is ${said(value)}.`,
    );
}

const said = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function bestProblems(standings: readonly Standing[], best: string | null): string[] {
  const problems = standings
    .filter(({ eligible, fitness }) => eligible && fitness === null)
    .map(({ item }) => `${item} is eligible without a fitness.`);
  const first = bestOf(standings)?.candidate ?? null;
  if (first !== best)
    problems.push(`The best eligible candidate is ${first ?? 'none'}, but ${best ?? 'none'} is stated.`);
  return problems;
}
