import { z } from 'zod';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { digestSchema } from '../../contracts/artifact.js';
import { builtinCategories, type Template } from '../../contracts/template.js';
import type { KnownTemplate } from '../load.js';

/** Where templates are registered, and for whom. */
export interface Registry {
  readonly store: ArtifactStore;
  readonly tenant: string;
}

/** What lists tell of a version of a template. */
const summarySchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  /** Categories of its items, sorted. */
  categories: z.array(z.string()),
  /** How many items it has, before candidates are written out. */
  items: z.int().nonnegative(),
  digest: digestSchema,
});

/** The entry of a version in the store; the template itself is the artifact with the digest. */
export const registeredSchema = summarySchema.extend({
  format: z.literal(1),
  /** ISO 8601. */
  createdAt: z.string(),
});
export type Registered = z.infer<typeof registeredSchema>;

/** A version of a template as lists show it. */
export const listedTemplateSchema = summarySchema.extend({
  /** `shipped` with Heptad, for all tenants; or `created` by a tenant. */
  origin: z.enum(['shipped', 'created']),
  /** No run can be started from it. */
  archived: z.boolean(),
  /** ISO 8601; null for those that are shipped. */
  createdAt: z.string().nullable(),
});
export type ListedTemplate = z.infer<typeof listedTemplateSchema>;

/** What lists tell of a template. */
export function summaryOf({ template, digest }: KnownTemplate): z.infer<typeof summarySchema> {
  const { name, version, title, description, tags, items } = template;
  return {
    name,
    version,
    title,
    description,
    tags,
    categories: categoriesOf(template),
    items: items.length,
    digest,
  };
}

/** The categories that the items and consumers have, and those that are declared; sorted. */
function categoriesOf({ items, consumers, categories }: Template): string[] {
  const used = [...items, ...consumers].map(({ category }) => category);
  const declared = Object.keys(categories).filter((name) => !builtinCategories.some((one) => one === name));
  return [...new Set([...used, ...declared])].sort();
}
