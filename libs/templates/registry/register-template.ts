import { canonicalJson } from '../../artifacts/canonical-json.js';
import type { Template } from '../../contracts/template.js';
import { HeptadError } from '../../protocol/errors.js';
import { templateDigest } from '../load.js';
import { compareVersions } from './compare-versions.js';
import { versionEntryName } from './entry-names.js';
import { everyVersion } from './list-templates.js';
import { type ListedTemplate, type Registered, type Registry, summaryOf } from './registered-template.js';

/** Names by which the service has other things than templates. */
const taken = ['schema', 'seed', 'validate'];

/**
 * That a template can be registered under a name of its own.
 *
 * @throws HeptadError `TemplateExists` the name is taken
 */
export async function checkNewName(registry: Registry, { name }: Template): Promise<void> {
  if (taken.includes(name))
    throw exists(`A template cannot be called ${name}: the service uses the name.`, '/name');
  const [newest] = await everyVersion(registry, name);
  if (newest)
    throw exists(
      `There is a template ${newest.name}@${newest.version}. A change of it is a new version; another template has another name.`,
      '/name',
    );
}

/**
 * That a template can be registered as a new version of its name.
 *
 * @throws HeptadError `TemplateExists` its version is not higher than all that there are, or it is a shipped one
 * @throws HeptadError `TemplateUnknown` there is no template with the name
 */
export async function checkNewVersion(registry: Registry, { name, version }: Template): Promise<void> {
  const [newest] = await everyVersion(registry, name);
  if (!newest)
    throw new HeptadError(
      'TemplateUnknown',
      `There is no template ${JSON.stringify(name)} to make a version of.`,
      { problems: [{ path: '/name', reason: 'There is no template with this name.' }] },
    );
  if (newest.origin === 'shipped')
    throw exists(`${name} is shipped with Heptad. Register a change of it under another name.`, '/name');
  if (compareVersions(version, newest.version) <= 0)
    throw exists(
      `A new version of ${name} is higher than ${newest.version}; this one is ${version}.`,
      '/version',
    );
}

/**
 * Writes a version, where it is not there with the same content already.
 *
 * @throws HeptadError `TemplateExists` it is there with another content
 */
export async function writeTemplate(
  { store, tenant }: Registry,
  template: Template,
): Promise<ListedTemplate> {
  const digest = templateDigest(template);
  const { name, version } = template;
  const entry = versionEntryName(tenant, name, version);
  const registered: Registered = {
    ...summaryOf({ template, digest }),
    format: 1,
    createdAt: new Date().toISOString(),
  };
  await store.putJson(template);
  await store.entries.put(entry, canonicalJson(registered), { ifAbsent: true });
  // Whoever wrote it, what is there now is what it is for ever.
  const written = (await everyVersion({ store, tenant }, name)).find((one) => one.version === version);
  if (written?.digest !== digest)
    throw exists(`There is another template ${name}@${version}; a version is written once.`, '/version');
  return written;
}

const exists = (message: string, path: string): HeptadError =>
  new HeptadError('TemplateExists', message, { problems: [{ path, reason: message }] });
