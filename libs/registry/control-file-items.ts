import {
  type ControlFile,
  type ControlFileName,
  controlFileNames,
  controlFilesId,
} from '../contracts/control-files.js';
import { type Discovery, discoverySchema, emptyLedger } from '../contracts/discovery.js';
import type { Assignment } from '../contracts/phase.js';
import type { Template } from '../contracts/template.js';
import { type ControlItem, mostText } from '../control-files/control-item.js';
import { orderOf } from '../control-files/order-of.js';
import { admit } from '../discovery/admit.js';
import { standIn } from '../discovery/stand-in.js';
import { expandConsumers } from '../graph/expand.js';
import type { CapturedControlFile } from './read-control-files.js';

/** As many as a discovery may name. */
const mostBlockers = 50;

/** One step or open item, and what is made of it. */
type Asked = Omit<ControlFile['items'][number], 'fate' | 'items'> & { readonly file: ControlFileName };

/**
 * Adds to a plan what the control files of the subject ask for: each step of the procedure, then each open item of the
 * backlog, is a discovery that is admitted as one of a run is. What no consumer of the template takes is named with the
 * reason. Pure.
 */
export function withControlFiles(
  assignment: Assignment,
  template: Template,
  files: readonly CapturedControlFile[],
): Assignment {
  if (files.length === 0) return assignment;
  const asked = askedOf(files);
  const found = asked.flatMap(({ discovery }) => discovery ?? []);
  const agents = new Map(assignment.items.map((one) => [one.item, one.agents]));
  const { items, ledger } = admit({
    template,
    planned: new Set(assignment.graph.items.map(({ id }) => id)),
    blueprints: new Map(
      expandConsumers(template).map((one) => [one.id, { ...one, agents: agents.get(one.id) ?? [] }]),
    ),
    item: subjectItself,
    result: null,
    outcome: { discoveries: found },
    code: null,
    ledger: { ...emptyLedger, entries: [], consumed: [] },
    outside: true,
  });
  const entries = new Map(ledger.entries.map((entry) => [entry.index, entry]));
  const controlFiles = files.map(
    ({ file, digest, problems }): ControlFile => ({
      file,
      digest,
      problems: [...problems],
      items: asked
        .filter((one) => one.file === file)
        .toSorted((a, b) => a.number - b.number)
        .map(({ file: _, ...one }) => {
          const entry = one.index === null ? undefined : entries.get(one.index);
          const { fate, reason, items: made } = entry ?? { fate: 'refused', reason: one.reason, items: [] };
          return { ...one, fate, reason, items: made };
        }),
    }),
  );
  return {
    ...assignment,
    graph: { ...assignment.graph, items: [...assignment.graph.items, ...items] },
    controlFiles,
  };
}

const subjectItself = standIn({
  id: controlFilesId,
  title: controlFileNames.join(' and '),
  category: 'analysis',
});

/** What the files ask for, in the order in which it is done; of each file, what waits for itself comes last. */
function askedOf(files: readonly CapturedControlFile[]): Asked[] {
  const asked: Asked[] = [];
  let next = 0;
  for (const { file, items } of files) {
    const open = items.filter((item) => item.open);
    const ordered = orderOf(open);
    const done = new Set(items.filter((item) => !item.open).map(({ number }) => number));
    /** By the number in the file: which discovery it is. */
    const indices = new Map<number, number>();
    const refuse = (item: ControlItem, reason: string): void => {
      asked.push({ file, ...toldOf(item), reason, index: null, discovery: null });
    };
    for (const item of ordered) {
      const blockers = item.after.filter((number) => !done.has(number));
      const reason = whyNot(item, blockers, items, indices);
      if (reason !== null) {
        refuse(item, reason);
        continue;
      }
      const blockedBy = blockers.map((number) => `#${(indices.get(number) ?? 0) + 1}`);
      const discovery = discoveryOf(file, item, blockedBy);
      asked.push({ file, ...toldOf(item), reason: null, index: next, discovery });
      indices.set(item.number, next);
      next += 1;
    }
    for (const item of open)
      if (!ordered.includes(item)) refuse(item, 'It waits for itself, or for what does.');
  }
  return asked;
}

/** What is told of a step or an item, whatever becomes of it. */
export const toldOf = ({ number, line, text }: ControlItem) => ({
  number,
  line,
  text: text.slice(0, mostText).toWellFormed(),
});

/** Why it is no work as it is written; null where it may be. */
function whyNot(
  { text, done, check, command }: ControlItem,
  blockers: readonly number[],
  items: readonly ControlItem[],
  indices: ReadonlyMap<number, number>,
): string | null {
  if (text === '') return 'It says nothing.';
  if ([text, done, check, command].some((one) => (one?.length ?? 0) > mostText))
    return `It says something of more than ${mostText} characters.`;
  if (blockers.length > mostBlockers) return `It waits for more than ${mostBlockers} others.`;
  const missing = blockers.find((number) => !indices.has(number));
  if (missing === undefined) return null;
  return items.some(({ number }) => number === missing)
    ? `It waits for ${missing}, which cannot be done as it is written.`
    : `It waits for ${missing}, which there is not.`;
}

function discoveryOf(file: ControlFileName, item: ControlItem, blockedBy: string[]): Discovery {
  const { number, line, text, command, check, priority, tags } = item;
  return discoverySchema.parse({
    description: `${file === '.sop' ? 'Step' : 'Item'} ${number} of ${file}: ${text}`,
    category: 'implementation',
    priority,
    done: doneOf(item),
    blockedBy,
    tags: tags.slice(0, 20),
    parameters: {
      file,
      line,
      text,
      ...(command === null ? {} : { command }),
      ...(check === null ? {} : { check }),
    },
  });
}

function doneOf({ done, check, command, text }: ControlItem): string {
  if (done !== null) return `It is shown that: ${done}`;
  if (check !== null) return `This command ends with 0: ${check}`;
  return command === null ? `Somebody says that it is done: ${text}` : `This command ends with 0: ${command}`;
}
