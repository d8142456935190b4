import { join } from 'node:path';
import { analyseThreat } from '../../../../../libs/agents/builtin/threat/analyse-threat.js';
import { Outcomes } from '../../../../../libs/agents/builtin/threat/outcomes.js';
import { coreAnalyses } from '../../../../../libs/contracts/reports/threat.js';
import { placesFor, taskWith } from '../../support/places.js';

const fixture = (name: string): string => join(import.meta.dirname, '../../../../fixtures', name);

/** A shop with weaknesses planted in it; docs/reference/threat-assessment.md names the rules that find them. */
export const shop = fixture('shop');
/** The same shop without them. */
export const hardenedShop = fixture('shop-hardened');

const nowhere = { nodeModules: '/nowhere', before: '/nowhere', inputs: '/nowhere', scratch: '/nowhere' };

/** The outcome of one analysis of a subject: a folder, or files by name. */
export async function analyse(
  analysis: string,
  subject: string | Record<string, string>,
  parameters: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  // A folder is only read, so it is looked at where it is.
  const places = typeof subject === 'string' ? { ...nowhere, workspace: subject } : placesFor(subject);
  return (await analyseThreat(places, taskWith({ analysis, ...parameters }))).outcome;
}

/** Outcomes of the six analyses of a subject. */
export async function coreOutcomes(subject: string | Record<string, string>): Promise<Outcomes> {
  return new Outcomes(await Promise.all(coreAnalyses.map((analysis) => analyse(analysis, subject))));
}
