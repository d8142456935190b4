import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { DocumentationReport } from '../../../contracts/reports/assurance.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import type { Places } from '../subject/places.js';
import { findGaps } from './find-gaps.js';

const parametersSchema = z.object({
  /** Whether guides are looked at beside README and changelog. */
  guides: z.boolean().default(true),
  /** Narrower scope: without guides. */
  narrow: z.boolean().default(false),
});

/** What README, guides and changelog lack, and what of that they did not lack before the change. */
export async function assureDocumentation(places: Places, task: AgentTask): Promise<Done> {
  const { guides, narrow } = parametersOf(parametersSchema, task);
  const now = findGaps(places.workspace, guides && !narrow);
  const before = findGaps(places.before, guides && !narrow);
  const known = new Set(before.gaps.map(keyOf));
  const outcome: DocumentationReport = {
    kind: 'assurance-documentation',
    readme: now.readme,
    guides: [...now.guides],
    changelog: now.changelog,
    exported: now.exported.length,
    documented: now.documented.length,
    examples: now.examples,
    links: now.links,
    gaps: [...now.gaps],
    incomplete: new Set(now.gaps.map(documentOf)).size,
    introduced: now.gaps.filter((gap) => !known.has(keyOf(gap))).length,
  };
  return { outcome, measurements: {} };
}

/** The document that has a gap; one that is not there is named by what it is. */
const documentOf = ({ gap, file }: DocumentationReport['gaps'][number]): string =>
  file ?? (gap === 'no-changelog' ? 'changelog' : 'readme');

const keyOf = (gap: DocumentationReport['gaps'][number]): string =>
  JSON.stringify([gap.gap, gap.file, gap.detail]);
