import { factRoots } from '../../contracts/condition.js';
import type { Consumer } from '../../contracts/template.js';
import type { Catalogue, Entry } from './catalogue.js';
import type { Draft } from './draft.js';
import type { Findings } from './findings.js';
import { orMeant } from './nearest-name.js';
import { type Edge, Network } from './network.js';
import { outcomeSchema } from './outcome-schema.js';
import { pointer } from './pointer.js';
import { ambiguous, isOne, type References } from './references.js';
import { type SchemaPart, schemaPart } from './schema-part.js';

/** A fact that is asked for: whose it is, and the names that lead to it. None: the whole outcome. */
export interface FactUse {
  readonly path: string;
  /** Where in the text there. */
  readonly offset?: number | undefined;
  readonly whose: string;
  readonly names: readonly string[];
}

export interface Meaning {
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  readonly references: readonly References[];
  readonly findings: Findings;
}

/** The inputs of an item, and the list that it goes over; what they ask of other items. */
export function checkInputs({ item, path }: Entry, meaning: Meaning): FactUse[] {
  const uses = Object.entries(item.inputs ?? {}).map(([name, text]) =>
    useOf(text, pointer(path, 'inputs', name)),
  );
  for (const use of uses) checkPart(use, meaning);
  if (item.work?.kind !== 'map') return uses;
  const over = useOf(item.work.over, pointer(path, 'work', 'over'));
  const part = checkPart(over, meaning);
  if (over.names.length === 0)
    meaning.findings.problem(
      over.path,
      'It names a list: "input.NAME", or "ITEM.NAME" of an item before it.',
    );
  else if (part.kind === 'declared' && part.schema.type !== undefined && part.schema.type !== 'array')
    meaning.findings.problem(
      over.path,
      `It is declared as ${String(part.schema.type)}, and has to be a list.`,
    );
  return [...uses, over];
}

/** The inputs of a consumer, whose items come after those of the template that they ask for. */
export function checkConsumerInputs(consumer: Partial<Consumer>, path: string, meaning: Meaning): void {
  const { inputs = {}, work } = consumer;
  const uses = Object.entries(inputs).map(([name, text]) => useOf(text, pointer(path, 'inputs', name)));
  if (work?.kind === 'map') uses.push(useOf(work.over, pointer(path, 'work', 'over')));
  for (const use of uses) {
    const problem = use.whose === 'input' ? undefined : notOneItem(use.whose, meaning);
    if (problem === undefined) checkPart(use, meaning);
    else meaning.findings.problem(use.path, problem);
  }
}

/** Why there is not one item of this name that is done in every run. */
function notOneItem(whose: string, { catalogue }: Meaning): string | undefined {
  const other = catalogue.find(whose);
  if (!other) return catalogue.isBroken(whose) ? undefined : catalogue.unknown(whose, ['input']);
  if (catalogue.standbyOf(other)) return notBefore(other, catalogue);
  return catalogue.lettersOf(other) ? ambiguous(other) : undefined;
}

function useOf(text: string, path: string): FactUse {
  const [whose = '', ...names] = text.split('.');
  return { path, whose, names };
}

/** What is declared of a fact; that it is not is told. */
function checkPart({ path, whose, names }: FactUse, { draft, catalogue, findings }: Meaning): SchemaPart {
  const entry = catalogue.find(whose);
  if (whose !== 'input' && factRoots.some((root) => root === whose))
    findings.problem(path, `"${whose}" is not known before the item is done.`);
  if (whose === 'input' && names.length === 0)
    findings.problem(path, 'It names a field of the input: "input.NAME".');
  const schema = whose === 'input' ? draft.input : entry && outcomeSchema(draft, entry.item);
  const part = schema ? schemaPart(schema, names) : undefined;
  if (part?.kind === 'undeclared')
    findings.problem(
      path,
      `${whose === 'input' ? 'The input' : `The result of "${whose}"`} has no "${names.join('.')}"${orMeant(names.at(-1) ?? '', part.names)}`,
    );
  return part ?? { kind: 'open' };
}

/**
 * That what an item asks for is of an item before it. Gives the edges of what it would have to wait for.
 *
 * @param before who waits for whom, by what they say themselves
 */
export function checkUses(
  entry: Entry,
  uses: readonly FactUse[],
  { catalogue, findings }: Meaning,
  before: Network,
): Edge[] {
  return uses.flatMap((use) => {
    const { path, offset, whose } = use;
    if (factRoots.some((root) => root === whose)) return [];
    const other = catalogue.find(whose);
    if (!other) {
      // With conditions it is told by their own check.
      if (offset === undefined && !catalogue.isBroken(whose))
        findings.problem(path, catalogue.unknown(whose, ['input']));
      return [];
    }
    // An item that waits for this one, too, makes a circle, which is told as one.
    const circle = other === entry || before.isBefore(entry.number, other.number);
    if (!circle && !before.isBefore(other.number, entry.number))
      findings.problem(path, notBefore(other, catalogue), offset);
    else if (!isOne(entry, other, catalogue)) findings.problem(path, ambiguous(other), offset);
    return [{ to: other.number, path }];
  });
}

function notBefore(other: Entry, catalogue: Catalogue): string {
  const standby = catalogue.standbyOf(other);
  if (!standby) return `"${other.id}" does not come before it; add it to depends_on.`;
  const owner = catalogue.at(standby.owner)?.id ?? '';
  return `"${other.id}" is only done where "${owner}" has failed; ask for the facts of "${owner}" instead.`;
}

/** Who waits for whom, by what they say themselves. What helps an item comes after what that one waits for. */
export function orderOf({ catalogue, references }: Pick<Meaning, 'catalogue' | 'references'>): Network {
  return new Network(
    catalogue.entries.map((entry) => {
      const own = references[entry.number]?.waits ?? [];
      const owner = catalogue.standbyOf(entry)?.owner;
      return owner === undefined
        ? own
        : [...own.filter(({ to }) => to !== owner), ...(references[owner]?.waits ?? [])];
    }),
  );
}
