import { canonicalJson } from '../../artifacts/canonical-json.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import { readResumption } from '../../continuation/resumed.js';
import { stateProblems } from '../../continuation/whole-state.js';
import type { AcceptedRequest } from '../../contracts/phase.js';
import { startRunSchema } from '../../contracts/request.js';
import type { Subject } from '../../contracts/subject.js';
import { templateSchema } from '../../contracts/template.js';
import { complexityOf } from '../../intake/classify.js';
import { versionKind } from '../../subjects/version-kind.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/** Pass A of ingest: the capture is a sound workspace, of the subject that was asked for, under a known template. */
export async function checkAccepted(
  judged: Judged,
  checks: CheckList,
  accepted: AcceptedRequest,
): Promise<void> {
  const { store } = judged;
  const { request, captured, classification } = accepted;
  await checks.attempt(
    'request-told',
    'It is the request that was made: its sentence, or its template and input.',
    async (problems) => {
      const body = await readInput(judged, 'request', startRunSchema);
      const { template, input, sentence } = accepted.request;
      if (accepted.request.resume !== body.resume)
        problems.push('What it goes on from is another state than was asked for.');
      if ('request' in body) {
        if (sentence !== body.request) problems.push('Its sentence is another one than was said.');
      } else if (sentence !== undefined) problems.push('It has a sentence, but none was said.');
      else if (canonicalJson(input) !== canonicalJson(body.input))
        problems.push('Its input is another one than was given.');
      else if (![template.name, `${template.name}@${template.version}`].includes(body.template))
        problems.push(`Its template is ${template.name}, but ${body.template} was asked for.`);
    },
  );
  await checks.attempt(
    'snapshot-sound',
    'Paths are safe, sorted and unique; files and bytes add up.',
    async (problems) => {
      const { entries } = await readSnapshot(store, captured.snapshot);
      if (entries.length === 0) problems.push('The captured subject is empty.');
    },
  );
  if (request.resume !== undefined)
    await checks.attempt(
      'state-whole',
      'The state that it goes on from is whole: its digest, and every byte that it names.',
      async (problems) => {
        const resumption = await readResumption(store, request);
        if (!resumption) return;
        problems.push(...(await stateProblems(judged, resumption)));
        if (canonicalJson(captured) !== canonicalJson(resumption.captured))
          problems.push('The captured subject is another one than that of the state.');
      },
    );
  await checks.attempt('template-named', 'The template is the one that is named.', async (problems) => {
    const template = await store.getJson(request.template.digest, templateSchema);
    if (template.name !== request.template.name || template.version !== request.template.version)
      problems.push(
        `The digest is of ${template.name} ${template.version}, not of ${request.template.name} ${request.template.version}.`,
      );
  });
  await checks.attempt(
    'subject-same',
    'The subject that was captured is the one that was asked for.',
    (problems) => {
      if (canonicalJson(resolvedAs(captured.subject, request.subject)) !== canonicalJson(captured.subject))
        problems.push('The captured subject is another one than the request names.');
      if (captured.subject.kind === 'npm' && !captured.integrity)
        problems.push('The integrity of the package was not recorded.');
      if (captured.subject.kind === 'git' && !captured.commit) problems.push('The commit was not recorded.');
    },
  );
  await checks.attempt(
    'classification-explained',
    'Each part of the classification has its reason.',
    (problems) => {
      if (classification.reasons.length === 0) problems.push('No rule is named as a reason.');
      if (classification.layers.length === 0) problems.push('It was routed to no layer.');
      if (new Set(classification.layers).size !== classification.layers.length)
        problems.push('A layer is named twice.');
      const expected = complexityOf(classification.agents);
      if (classification.complexity !== expected)
        problems.push(`${classification.agents} agents are ${expected}, not ${classification.complexity}.`);
    },
  );
  await checks.attempt(
    'checks-named',
    'Security checks are named, each with what was looked at.',
    (problems) => {
      if (accepted.checks.length === 0) problems.push('No security check is named.');
      for (const { check, says } of accepted.checks)
        if (!says) problems.push(`The check ${check} does not say what was looked at.`);
    },
  );
}

/** The subject that was asked for; where a range or tag stands for a version, with the one that was captured. */
function resolvedAs(captured: Subject, asked: Subject): Subject {
  if (asked.kind !== 'npm' || captured.kind !== 'npm' || versionKind(asked) === 'version') return asked;
  return { ...asked, version: captured.version };
}
