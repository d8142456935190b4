import { z } from 'zod';
import {
  type Consumer,
  categorySchema,
  consumerSchema,
  type Template,
  type TemplateCategory,
  type TemplateItem,
  templateItemSchema,
  templateSchema,
} from '../../contracts/template.js';

/** A template, or as much of one as keeps to the contract: what is broken is left out. */
export interface Draft extends Partial<Omit<Template, 'items' | 'consumers' | 'routes' | 'categories'>> {
  /** In the order of the text; one that is no item at all is empty. */
  readonly items: readonly Partial<TemplateItem>[];
  readonly consumers: readonly Partial<Consumer>[];
  readonly routes: readonly Partial<Template['routes'][number]>[];
  readonly categories: Readonly<Record<string, Partial<TemplateCategory>>>;
}

const draftSchema: z.ZodType<Draft> = templateSchema
  .extend({
    items: z.array(templateItemSchema.partial()).default([]),
    consumers: z.array(consumerSchema.partial()).default([]),
    routes: z.array(templateSchema.shape.routes.unwrap().element.partial()).default([]),
    categories: z.record(z.string(), categorySchema.partial()).default({}),
  })
  .partial({ name: true, version: true, title: true, description: true, input: true });

/** How deep below the root the part begins that is left out with what is broken in it. */
function depthOf([first, , third]: readonly PropertyKey[]): number {
  // A candidate by itself: the others are those that other items are for each of.
  if (first === 'items' && third === 'candidates') return 4;
  return ['items', 'consumers', 'routes', 'categories'].includes(String(first)) ? 3 : 1;
}

/**
 * What of a value can be looked at further, although it does not keep to the contract of templates: without the
 * fields in which it does not. Undefined where nothing is left.
 */
export function draftOf(value: unknown, issues: readonly z.core.$ZodIssue[]): Draft | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const left = structuredClone(value);
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) leaveOut(left, [...issue.path, key]);
    else leaveOut(left, issue.path.slice(0, depthOf(issue.path)));
  }
  const parsed = draftSchema.safeParse(left);
  return parsed.success ? parsed.data : undefined;
}

function leaveOut(root: object, path: readonly PropertyKey[]): void {
  const last = path.at(-1);
  let at: unknown = root;
  for (const step of path.slice(0, -1))
    at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
  if (last === undefined || typeof at !== 'object' || at === null) return;
  // Those that follow keep their places.
  if (Array.isArray(at) && typeof last === 'number') at[last] = {};
  else Reflect.deleteProperty(at, last);
}
