import { canonicalJson } from '../../artifacts/canonical-json.js';
import { HeptadError } from '../../protocol/errors.js';
import { archivedEntryName } from './entry-names.js';
import { everyVersion } from './list-templates.js';
import type { ListedTemplate, Registry } from './registered-template.js';

/**
 * Archives a version of a template, or without one the whole name: it can be read, and runs that follow it go on, but
 * none is started from it. Archiving twice changes nothing.
 *
 * @returns its versions as they are now, newest first
 * @throws HeptadError `TemplateUnknown`
 */
export async function archiveTemplate(
  registry: Registry,
  name: string,
  version: string | undefined,
): Promise<ListedTemplate[]> {
  await checkKnown(registry, name, version);
  const entry = archivedEntryName(registry.tenant, name, version);
  await registry.store.entries.put(entry, canonicalJson({ at: new Date().toISOString() }), {
    ifAbsent: true,
  });
  return await everyVersion(registry, name);
}

/**
 * Takes an archived version, or without one the whole name with every version of it, back into use.
 *
 * @returns its versions as they are now, newest first
 * @throws HeptadError `TemplateUnknown`
 */
export async function unarchiveTemplate(
  registry: Registry,
  name: string,
  version: string | undefined,
): Promise<ListedTemplate[]> {
  const versions = await checkKnown(registry, name, version);
  const { store, tenant } = registry;
  if (version === undefined) {
    await store.entries.delete(archivedEntryName(tenant, name, undefined));
    for (const one of versions) await store.entries.delete(archivedEntryName(tenant, name, one.version));
  } else if (await store.entries.delete(archivedEntryName(tenant, name, undefined))) {
    // The name was archived as a whole: the others stay so.
    for (const one of versions)
      if (one.version !== version) await archiveTemplate(registry, name, one.version);
    await store.entries.delete(archivedEntryName(tenant, name, version));
  } else await store.entries.delete(archivedEntryName(tenant, name, version));
  return await everyVersion(registry, name);
}

async function checkKnown(
  registry: Registry,
  name: string,
  version: string | undefined,
): Promise<ListedTemplate[]> {
  const versions = await everyVersion(registry, name);
  if (versions.some((one) => version === undefined || one.version === version)) return versions;
  const reference = version === undefined ? name : `${name}@${version}`;
  const known = versions.map((one) => one.version).join(', ');
  throw new HeptadError(
    'TemplateUnknown',
    `There is no template ${JSON.stringify(reference)}.${known === '' ? '' : ` Its versions are: ${known}.`}`,
  );
}
