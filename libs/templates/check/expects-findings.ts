import type { Consumer, TemplateItem } from '../../contracts/template.js';
import type { Draft } from './draft.js';
import type { Findings } from './findings.js';
import type { JsonSchema } from './outcome-schema.js';
import { pointer } from './pointer.js';

/** Who makes the reports that no agent makes. */
const madeBy = { synthesis: 'a consolidation', checkpoint: 'a checkpoint' } as const;

const isOfBarrier = (name: unknown): name is keyof typeof madeBy =>
  typeof name === 'string' && Object.hasOwn(madeBy, name);

/** What is wrong with the contract that an item or consumer asks of its outcome, beside its form. */
export function checkExpects(
  { work, expects, category = '' }: Partial<TemplateItem | Consumer>,
  path: string,
  { categories }: Pick<Draft, 'categories'>,
  findings: Findings,
): void {
  const at = pointer(path, 'expects');
  switch (work?.kind) {
    case undefined:
      return;
    case 'map':
      if (typeof expects === 'string')
        findings.problem(at, 'What a map expects is of each output, so it is a JSON Schema.');
      return;
    case 'consolidation':
    case 'checkpoint': {
      const made = work.kind === 'consolidation' ? 'synthesis' : 'checkpoint';
      if (expects !== undefined && expects !== made)
        findings.problem(at, `The outcome of a ${work.kind} is a ${made} and nothing else.`);
      return;
    }
    case 'agent': {
      if (isOfBarrier(expects)) findings.problem(at, `No agent makes a ${expects}; ${madeBy[expects]} does.`);
      if (typeof expects === 'object') checkOfObject(expects, at, findings);
      const ofCategory = categories[category]?.expects;
      if (expects === undefined && isOfBarrier(ofCategory))
        findings.problem(
          pointer(path, 'category'),
          `The category "${category}" expects a ${ofCategory}, which no agent makes; ${madeBy[ofCategory]} does.`,
        );
    }
  }
}

/** An agent's outcome is an object, so a schema that takes none would fail each execution. */
export function checkOfObject({ type }: JsonSchema, path: string, findings: Findings): void {
  if (type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))) return;
  findings.problem(pointer(path, 'type'), 'The outcome of an agent is an object; this schema takes none.');
}
