import { canonicalJson } from '../../artifacts/canonical-json.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import type { AcceptedRequest } from '../../contracts/phase.js';
import { templateSchema } from '../../contracts/template.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';

/** Pass A of ingest: the capture is a sound workspace, of the subject that was asked for, under a known template. */
export async function checkAccepted(
  { store }: Judged,
  checks: CheckList,
  accepted: AcceptedRequest,
): Promise<void> {
  const { request, captured, classification } = accepted;
  await checks.attempt(
    'snapshot-sound',
    'Paths are safe, sorted and unique; files and bytes add up.',
    async (problems) => {
      const { entries } = await readSnapshot(store, captured.snapshot);
      if (entries.length === 0) problems.push('The captured subject is empty.');
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
      if (canonicalJson(request.subject) !== canonicalJson(captured.subject))
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

/** By how many agents it takes: 1, 2 to 5, up to 50, more. */
function complexityOf(agents: number): AcceptedRequest['classification']['complexity'] {
  if (agents === 1) return 'simple';
  if (agents <= 5) return 'moderate';
  return agents <= 50 ? 'complex' : 'highly complex';
}
