import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ParsedRequest } from '../contracts/request.js';
import { type Resumption, resumptionSchema } from '../contracts/resumption.js';
import type { Subject } from '../contracts/subject.js';
import type { CheckResult } from '../intake/check-request.js';
import { HeptadError } from '../protocol/errors.js';
import { count } from '../synthesis/order.js';

/**
 * What a request goes on from; null where it starts anew.
 *
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt`, `InputInvalid` its digest is not that of a resumption
 * @throws HeptadError `TemplateUnknown` the earlier run used another template under the same name and version
 */
export async function readResumption(
  store: Pick<ArtifactStore, 'getJson'>,
  { resume, template }: Pick<ParsedRequest, 'resume' | 'template'>,
): Promise<Resumption | null> {
  if (resume === undefined) return null;
  const resumption = await store.getJson(resume, resumptionSchema);
  if (resumption.template === template.digest) return resumption;
  throw new HeptadError(
    'TemplateUnknown',
    `The run ${resumption.run} used the template ${template.name}@${template.version} with the digest ${resumption.template}. ` +
      `Under that name is another one now, ${template.digest}, so nothing can go on from that run.`,
  );
}

/**
 * The subject of a request that goes on from an earlier run. Of one on this machine it is the one that was captured then:
 * it is not looked for again, since nothing of it is read.
 */
export const resumedSubject = (asked: Subject, { captured }: Pick<Resumption, 'captured'>): Subject =>
  asked.kind === 'npm' ? asked : captured.subject;

/** The checks of a request that goes on from an earlier run, in place of those that look at this machine. */
export const resumedChecks = ({ run, state, results }: Resumption): CheckResult[] => [
  {
    check: 'roots',
    says: `Nothing is read from this machine: the subject is as the run ${run} captured it.`,
  },
  {
    check: 'state-whole',
    says: `The state ${state} of the run ${run}, with ${count(results.length, 'result')}: every byte that it names was read and hashed again.`,
  },
];
