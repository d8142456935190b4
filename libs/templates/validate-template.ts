import { type Template, templateSchema } from '../contracts/template.js';
import { type Draft, draftOf } from './check/draft.js';
import { formFindings } from './check/form-findings.js';
import { meaningFindings } from './check/meaning-findings.js';
import { readText } from './check/read-text.js';
import type { Finding, TemplateProblem } from './check/template-problem.js';
import { valueFindings } from './check/value-findings.js';

/** What is told of a template at most; one with more is not mended problem by problem. */
const mostTold = 1000;

export interface ValidatedTemplate {
  /** The template with its defaults; null where there is a problem. */
  readonly template: Template | null;
  /** Everything for which it cannot be used, in the order of the text; at most 1,000. */
  readonly problems: readonly TemplateProblem[];
  /** What can be used and may still not be meant. */
  readonly warnings: readonly TemplateProblem[];
}

/**
 * Checks the text of a template, YAML 1.2 or JSON: that it can be read, keeps to the contract, and means something
 * that can be done. Everything is told at once that does not depend on a part that is broken.
 */
export function validateTemplate(text: string): ValidatedTemplate {
  const { value, places, problems } = readText(text);
  if (value === undefined) return { template: null, problems, warnings: [] };
  const unreadable = valueFindings(value);
  if (unreadable.length > 0) return told(null, unreadable, []);
  const parsed = templateSchema.safeParse(value);
  const draft: Draft | undefined = parsed.success ? parsed.data : draftOf(value, parsed.error.issues);
  const form = parsed.success ? [] : formFindings(parsed.error.issues, value);
  const meaning = draft && meaningFindings(draft, brokenIds(value, draft));
  return told(parsed.data ?? null, [...form, ...(meaning?.problems ?? [])], meaning?.warnings ?? []);

  function told(
    template: Template | null,
    wrong: readonly Finding[],
    worthALook: readonly Finding[],
  ): ValidatedTemplate {
    const all = [...problems, ...wrong.slice(0, mostTold).map(placed)].sort(inTextOrder);
    return {
      template: all.length === 0 ? template : null,
      problems: all.slice(0, mostTold),
      warnings: worthALook.slice(0, mostTold).map(placed).sort(inTextOrder),
    };
  }

  function placed({ path, reason, offset }: Finding): TemplateProblem {
    return { path, ...places().of(path, offset), reason };
  }
}

const inTextOrder = (one: TemplateProblem, other: TemplateProblem): number =>
  one.line - other.line || one.column - other.column || (one.path < other.path ? -1 : 1);

/** Ids in the text that the draft does not have, because they are not possible. */
function brokenIds(value: unknown, { items }: Draft): ReadonlySet<string> {
  const known = new Set(items.map(({ id }) => id));
  const written: unknown = typeof value === 'object' && value !== null && 'items' in value ? value.items : [];
  const ids = Array.isArray(written) ? written.map((item: unknown) => idOf(item)) : [];
  return new Set(ids.flatMap((id) => (typeof id === 'string' && !known.has(id) ? [id] : [])));
}

const idOf = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
