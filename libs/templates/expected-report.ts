import type { Consumer, ReportName, Template, TemplateItem } from '../contracts/template.js';
import { HeptadError } from '../protocol/errors.js';

/** What an item of a graph is made from: an item of its template, or one of its consumers. */
export type Body = TemplateItem | Consumer;

/**
 * The body of an item.
 *
 * @throws HeptadError `InputInvalid` the template has no such body
 */
export function bodyOf(template: Template, id: string): Body {
  const body = [...template.items, ...template.consumers].find((one) => one.id === id);
  if (body) return body;
  throw new HeptadError('InputInvalid', `The template ${template.name} has no item ${id}.`);
}

/** What an outcome has to keep to: the name of a contract of ours, and for `custom` its JSON Schema, if any. */
export interface Expected {
  readonly name: ReportName;
  readonly schema: Readonly<Record<string, unknown>> | null;
}

/**
 * The JSON Schema that each output of a `map` has to keep to beside that of its agent; null where it asks for none. That of
 * its category is of whole outcomes, so it is not meant.
 */
export const expectedOutput = ({ expects }: Pick<Body, 'expects'>): Expected['schema'] =>
  typeof expects === 'object' ? expects : null;

/** The contract of a body's outcome: its own, else that of its category, else any object. */
export function expectedReport(template: Template, body: Body): Expected {
  if (body.work.kind === 'consolidation') return { name: 'synthesis', schema: null };
  if (body.work.kind === 'checkpoint') return { name: 'checkpoint', schema: null };
  if (body.work.kind === 'map') return { name: 'segment', schema: null };
  const expects = body.expects ?? template.categories[body.category]?.expects;
  if (typeof expects === 'string') return { name: expects, schema: null };
  return { name: 'custom', schema: expects ?? null };
}
