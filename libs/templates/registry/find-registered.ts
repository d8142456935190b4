import { templateSchema } from '../../contracts/template.js';
import { isDigest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import { type KnownTemplate, listTemplates as listShipped } from '../load.js';
import { everyVersion, listTemplates } from './list-templates.js';
import type { ListedTemplate, Registry } from './registered-template.js';

/** A template, and what lists tell of it. */
export interface FoundTemplate extends KnownTemplate {
  readonly listed: ListedTemplate;
}

/**
 * A template that a tenant can see, by `name`, `name@version` or digest. A name stands for its newest version that is
 * not archived.
 *
 * @throws HeptadError `TemplateUnknown`, which names those that are known
 * @throws HeptadError `ArtifactUnknown`, `ArtifactCorrupt` it is registered, and cannot be read
 */
export async function findRegistered(registry: Registry, reference: string): Promise<FoundTemplate> {
  const listed = await findListed(registry, reference);
  if (!listed) throw await templateUnknown(registry, reference);
  const { digest } = listed;
  const shipped = listShipped().find((known) => known.digest === digest);
  const template = shipped?.template ?? (await registry.store.getJson(digest, templateSchema));
  return { template, digest, listed };
}

/**
 * A template from which a run can be started.
 *
 * @throws HeptadError `TemplateArchived`, and as {@link findRegistered} does
 */
export async function findStartable(registry: Registry, reference: string): Promise<FoundTemplate> {
  const found = await findRegistered(registry, reference);
  const { name, version, archived } = found.listed;
  if (!archived) return found;
  throw new HeptadError(
    'TemplateArchived',
    `The template ${name}@${version} is archived, so no run is started from it. It can be taken back: ` +
      `heptad templates unarchive ${name}.`,
    { problems: [{ path: '/template', reason: 'It is archived.' }] },
  );
}

async function findListed(registry: Registry, reference: string): Promise<ListedTemplate | undefined> {
  if (isDigest(reference)) return (await everyVersion(registry)).find(({ digest }) => digest === reference);
  const [name = '', version] = reference.split('@');
  // Only what can be a name is looked up in the store.
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) return undefined;
  const versions = await everyVersion(registry, name);
  if (version !== undefined) return versions.find((one) => one.version === version);
  return versions.find(({ archived }) => !archived) ?? versions[0];
}

/** How many names are told to who asked for one that there is not. */
const mostNamed = 50;

async function templateUnknown(registry: Registry, reference: string): Promise<HeptadError> {
  const known = await listTemplates(registry);
  const names = known.slice(0, mostNamed).map(({ name, version }) => `${name}@${version}`);
  const reason = `Known are: ${names.join(', ')}${known.length > mostNamed ? ` and ${known.length - mostNamed} more` : ''}.`;
  return new HeptadError('TemplateUnknown', `There is no template ${JSON.stringify(reference)}. ${reason}`, {
    problems: [{ path: '/template', reason }],
  });
}
