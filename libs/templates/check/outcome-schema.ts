import { z } from 'zod';
import { discoverySchema } from '../../contracts/discovery.js';
import { reportSchemas } from '../../contracts/reports/by-name.js';
import type { Consumer, ReportName, TemplateItem } from '../../contracts/template.js';
import type { Draft } from './draft.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const ofReports = new Map<ReportName, JsonSchema>();

function ofReport(name: ReportName): JsonSchema {
  const known = ofReports.get(name);
  if (known) return known;
  const made = z.toJSONSchema(reportSchemas[name], { io: 'output', unrepresentable: 'any' });
  ofReports.set(name, made);
  return made;
}

/** The JSON Schema that the outcome of an item keeps to; null where nothing is declared. */
export function outcomeSchema(
  { categories }: Draft,
  { work, expects, category = '' }: Partial<TemplateItem | Consumer>,
): JsonSchema | null {
  if (work?.kind === 'consolidation') return ofReport('synthesis');
  if (work?.kind === 'checkpoint') return ofReport('checkpoint');
  const declared = expects ?? categories[category]?.expects;
  if (declared === undefined || work?.kind === 'map') return null;
  return typeof declared === 'string' ? ofReport(declared) : declared;
}

let ofDiscovery: JsonSchema | undefined;

/** The JSON Schema of a discovery, as routes and consumers see it. */
export function discoveryFacts(): JsonSchema {
  ofDiscovery ??= z.toJSONSchema(discoverySchema, { io: 'output', unrepresentable: 'any' });
  return ofDiscovery;
}
