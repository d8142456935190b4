import { z } from 'zod';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { canonicalJson } from '../../artifacts/canonical-json.js';
import { parseJson } from '../../artifacts/parse-json.js';
import { digestSchema } from '../../contracts/artifact.js';
import { templateSchema } from '../../contracts/template.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import type { KnownTemplate } from '../load.js';
import { pinPrefix } from './entry-names.js';
import { findStartable } from './find-registered.js';
import type { Registry } from './registered-template.js';

/** What a run was bound to when its request was accepted. */
const pinSchema = z.strictObject({ name: z.string(), version: z.string(), digest: digestSchema });

/** A request as a run has it: the run's id, and the digest of the body. */
export interface PinnedRequest {
  readonly run: string;
  readonly request: Digest;
}

/**
 * Binds a run to the template that its request names now, once: whatever is registered or archived later, the run
 * follows this one. Its bytes are stored.
 *
 * @param reference how the request names it
 * @throws HeptadError `TemplateUnknown`, `TemplateArchived` and nothing was bound
 */
export async function pinTemplate(
  registry: Registry,
  asked: PinnedRequest,
  reference: string,
): Promise<KnownTemplate> {
  const { store } = registry;
  const before = await pinnedTemplate(store, asked, reference);
  if (before) return before;
  const { template, digest } = await findStartable(registry, reference);
  await store.putJson(template);
  const pin = canonicalJson({ name: template.name, version: template.version, digest });
  await store.entries.put(entryOf(asked), pin, { ifAbsent: true });
  // Another process may have been first.
  return (await pinnedTemplate(store, asked, reference)) ?? { template, digest };
}

/**
 * The template that a run is bound to; undefined where it is to none.
 *
 * @throws HeptadError `InputInvalid` it is bound to another one than its request names
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt` the template cannot be read
 */
export async function pinnedTemplate(
  store: ArtifactStore,
  asked: PinnedRequest,
  reference: string,
): Promise<KnownTemplate | undefined> {
  const entry = entryOf(asked);
  const bytes = await store.entries.get(entry);
  if (!bytes) return undefined;
  const { digest } = parseJson(bytes, pinSchema, `The entry ${entry}`);
  const template = await store.getJson(digest, templateSchema);
  const { name, version } = template;
  if (![name, `${name}@${version}`, digest].includes(reference))
    throw new HeptadError(
      'InputInvalid',
      `The run ${asked.run} is bound to the template ${name}@${version}, and its request names ${JSON.stringify(reference)}.`,
    );
  return { template, digest };
}

const entryOf = ({ run, request }: PinnedRequest): string =>
  `${pinPrefix(run)}${request.slice('sha256:'.length)}`;
