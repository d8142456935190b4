import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../libs/artifacts/canonical-json.js';
import type { Config } from '../../../libs/config/config.js';
import type { ParsedRequest, StartRun } from '../../../libs/contracts/request.js';
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
  const parsed = await parsedOrBefore(dependencies, body, run, digest);
  if ('state' in parsed) return accepted(run, parsed.state);
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
async function parsedOrBefore(
  { config, engine, registry }: Dependencies,
  body: StartRun,
  run: string,
  digest: Digest,
): Promise<ParsedRequest | Pick<RunSummary, 'state'>> {
  const [known, parsed] = await Promise.allSettled([
    describeRun(engine, run),
    checked(body, { run, digest, config, registry }),
  ]);
  const before = known.status === 'fulfilled' ? known.value : undefined;
  if (before && requestDigestOf(before) === digest) return summaryOf(before);
  if (parsed.status === 'rejected') throw parsed.reason;
  if (known.status === 'rejected') throw known.reason;
  if (before) throw keyReused(run);
  return parsed.value;
}

async function checked(
  body: StartRun,
  {
    run,
    digest,
    config,
    registry,
  }: { run: string; digest: Digest; config: Config; registry: Dependencies['registry'] },
): Promise<ParsedRequest> {
  const reference = templateReference(body);
  const known =
    (await pinnedTemplate(registry.store, { run, request: digest }, reference)) ??
    (await findStartable(registry, reference));
  const parsed = parseRequest(body, known);
  await checkRequest(parsed, { roots: config.subjectRoots, deliveryRoots: config.deliveryRoots });
  return parsed;
}
