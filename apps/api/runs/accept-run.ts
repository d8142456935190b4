import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../libs/artifacts/canonical-json.js';
import { readResumption } from '../../../libs/continuation/resumed.js';
import { wholeState } from '../../../libs/continuation/whole-state.js';
import type { ParsedRequest, StartRun } from '../../../libs/contracts/request.js';
import type { Resumption } from '../../../libs/contracts/resumption.js';
import type { RunAccepted, RunSummary } from '../../../libs/contracts/run.js';
import { checkRequest } from '../../../libs/intake/check-request.js';
import { parseRequest, templateReference } from '../../../libs/intake/parse-request.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { titleOf } from '../../../libs/subjects/title-of.js';
import { findStartable } from '../../../libs/templates/registry/find-registered.js';
import { pinnedTemplate, pinTemplate } from '../../../libs/templates/registry/pin-template.js';
import { describeRun } from '../../../libs/temporal/describe-run.js';
import { runIdOf } from '../../../libs/temporal/run-id.js';
import { requestDigestOf, summaryOf } from '../../../libs/temporal/run-summary.js';
import { keyReused, startRun } from '../../../libs/temporal/start-run.js';
import type { Dependencies } from '../dependencies.js';
import { archiveDeleted } from './archive-deleted.js';
import { sealedRun } from './sealed-run.js';

/**
 * Accepts a request: what it resolves for is durable. The same key with the same body gives the same run, whether it
 * is open, closed, or known by its seal alone.
 *
 * @throws HeptadError `IdempotencyKeyReused` the key came with another body before
 * @throws HeptadError `ArtifactCorrupt`, `EvidenceInvalid` it goes on from a state that is not whole
 * @throws HeptadError `ArchiveDeleted` the key's run is so old that its archive was deleted
 * @throws HeptadError with the code of what is wrong with the request; nothing was stored then
 * @throws HeptadError `EngineUnreachable` the caller sends the same again to learn whether it was accepted
 */
export async function acceptRun(
  dependencies: Dependencies,
  body: StartRun,
  key: string,
): Promise<RunAccepted> {
  const { config, engine, store, logger } = dependencies;
  const { tenant } = config;
  const run = runIdOf(tenant, key);
  const digest: Digest = `sha256:${createHash('sha256').update(canonicalJson(body)).digest('hex')}`;

  const sealed = await sealedRun(dependencies, run);
  if (sealed) {
    if ((await sealed.seal()).request !== digest) throw keyReused(run);
    return accepted(run, sealed.summary.state);
  }
  const checked = await checkedOrBefore(dependencies, body, run, digest);
  if ('state' in checked) return accepted(run, checked.state);
  const { parsed, resumption } = checked;
  const deleted = await archiveDeleted(dependencies, run);
  if (deleted) throw deleted;
  // Only now is it stored: what is refused leaves nothing behind, unless two bodies came with the key at once.
  const request = await store.putJson(body);
  // From here on the run follows this template, whatever is registered or archived later.
  await pinTemplate(dependencies.registry, { run, request: digest }, templateReference(body));
  const labels = {
    template: parsed.template.name,
    subject: titleOf(parsed.subject),
    sentence: parsed.sentence,
  };
  const state = await startRun(
    engine,
    {
      run,
      tenant,
      request,
      waiverWindowMs: (body.waiverWindow ?? 0) * 1000,
      ...(body.stepwise ? { stepwise: true } : {}),
      ...(resumption ? { from: { run: resumption.run, how: resumption.how } } : {}),
    },
    labels,
  );
  logger.info({ run, template: labels.template, subject: labels.subject, state }, 'Run accepted.');
  return accepted(run, state);
}

const accepted = (id: string, state: RunSummary['state']): RunAccepted => ({
  id,
  state,
  self: `/v1/runs/${id}`,
});

/**
 * Parses and checks the request, and asks meanwhile whether its key started a run before. A request that was accepted
 * is not refused because the world has changed since, such as a folder that is gone.
 *
 * @throws HeptadError `IdempotencyKeyReused` the run exists with another request
 */
async function checkedOrBefore(
  dependencies: Dependencies,
  body: StartRun,
  run: string,
  digest: Digest,
): Promise<Checked | Pick<RunSummary, 'state'>> {
  const [known, parsed] = await Promise.allSettled([
    describeRun(dependencies.engine, run),
    checked(dependencies, body, run, digest),
  ]);
  const before = known.status === 'fulfilled' ? known.value : undefined;
  if (before && requestDigestOf(before) === digest) return summaryOf(before);
  if (parsed.status === 'rejected') throw parsed.reason;
  if (known.status === 'rejected') throw known.reason;
  if (before) throw keyReused(run);
  return parsed.value;
}

interface Checked {
  readonly parsed: ParsedRequest;
  /** What it goes on from; null where it starts anew. */
  readonly resumption: Resumption | null;
}

async function checked(
  { config, store, registry }: Dependencies,
  body: StartRun,
  run: string,
  digest: Digest,
): Promise<Checked> {
  const reference = templateReference(body);
  const known =
    (await pinnedTemplate(registry.store, { run, request: digest }, reference)) ??
    (await findStartable(registry, reference));
  const parsed = parseRequest(body, known);
  const resumption = await readResumption(store, parsed);
  const { subjectRoots: roots, deliveryRoots } = config;
  await checkRequest(parsed, { roots, deliveryRoots, resumption });
  if (resumption) await wholeState(store, resumption);
  return { parsed, resumption };
}
