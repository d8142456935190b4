import { parseJson } from '../../artifacts/parse-json.js';
import { listTemplates as listShipped } from '../load.js';
import { compareVersions } from './compare-versions.js';
import { tenantPrefix } from './entry-names.js';
import { type ListedTemplate, type Registry, registeredSchema, summaryOf } from './registered-template.js';

/** What is wanted of the list; what is left out does not matter. */
export interface TemplateFilter {
  /** Words that all stand in its name, title, description, tags or categories, whatever their case. */
  readonly search?: string | undefined;
  readonly tag?: string | undefined;
  readonly category?: string | undefined;
  /** Only those that are archived, or that are not. */
  readonly archived?: boolean | undefined;
}

/**
 * The templates that a tenant can see, by name: of each the version that its name stands for, which is the newest that
 * is not archived, or the newest where all are.
 */
export async function listTemplates(
  registry: Registry,
  filter: TemplateFilter = {},
): Promise<ListedTemplate[]> {
  const versions = await everyVersion(registry);
  const newest = new Map<string, ListedTemplate>();
  // Newest first, so the first that is not archived is the one.
  for (const one of versions) {
    const before = newest.get(one.name);
    if (!before || (before.archived && !one.archived)) newest.set(one.name, one);
  }
  return [...newest.values()].filter((one) => matches(one, filter));
}

/** Every version of every template that a tenant can see, or of one name: by name, newest version first. */
export async function everyVersion(registry: Registry, name?: string): Promise<ListedTemplate[]> {
  const { store, tenant } = registry;
  const prefix = tenantPrefix(tenant);
  const names = await store.entries.list(name === undefined ? prefix : `${prefix}${name}/`);
  const archived = new Set(names.filter((entry) => entry.includes('/archived/')));
  const isArchived = (one: { name: string; version: string }): boolean =>
    ['all', one.version].some((which) => archived.has(`${prefix}${one.name}/archived/${which}`));
  const entries = names.filter((entry) => entry.includes('/versions/'));
  const created = await Promise.all(
    entries.map(async (entry): Promise<ListedTemplate[]> => {
      const bytes = await store.entries.get(entry);
      if (!bytes) return [];
      const { format, ...registered } = parseJson(bytes, registeredSchema, `The entry ${entry}`);
      return [{ ...registered, origin: 'created', archived: isArchived(registered) }];
    }),
  );
  const shipped = listShipped()
    .filter(({ template }) => name === undefined || template.name === name)
    .map((known): ListedTemplate => {
      const summary = summaryOf(known);
      return { ...summary, origin: 'shipped', archived: isArchived(summary), createdAt: null };
    });
  return [...shipped, ...created.flat()].sort(byNameNewestFirst);
}

function byNameNewestFirst(one: ListedTemplate, other: ListedTemplate): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return compareVersions(other.version, one.version);
}

function matches(one: ListedTemplate, { search = '', tag, category, archived }: TemplateFilter): boolean {
  const text = [one.name, one.title, one.description, ...one.tags, ...one.categories]
    .join('\n')
    .toLowerCase();
  return (
    search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word)) &&
    (tag === undefined || one.tags.includes(tag)) &&
    (category === undefined || one.categories.includes(category)) &&
    (archived === undefined || one.archived === archived)
  );
}
