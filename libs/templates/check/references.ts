import type { Catalogue, Entry } from './catalogue.js';
import type { Findings } from './findings.js';
import type { Edge } from './network.js';
import { pointer } from './pointer.js';

/** What one item says of others. */
export interface References {
  /** What it waits for: `depends_on`, `each`, `workspace`. */
  readonly waits: Edge[];
  /** What its result may wait for: items that are done where it has failed. */
  readonly helpers: Edge[];
}

/** The references of an item to others, without those that lead nowhere, which are told. */
export function referencesOf(entry: Entry, catalogue: Catalogue, findings: Findings): References {
  const { item, path } = entry;
  const { depends_on = [], each, workspace, fallback, recovery } = item;
  const found = (id: string, at: string): Edge[] => {
    const other = catalogue.find(id);
    if (other) return [{ to: other.number, path: at }];
    if (!catalogue.isBroken(id)) findings.problem(at, catalogue.unknown(id));
    return [];
  };
  const waits = depends_on.flatMap((id, index) => found(id, pointer(path, 'depends_on', index)));
  if (each !== undefined) waits.push(...found(each, pointer(path, 'each')));
  const workspaces =
    typeof workspace === 'string'
      ? [{ id: workspace, at: pointer(path, 'workspace') }]
      : (workspace ?? []).map((id, index) => ({ id, at: pointer(path, 'workspace', index) }));
  for (const { id, at } of workspaces) {
    const edges = found(id, at);
    waits.push(...edges);
    for (const { to } of edges) checkWorkspace(entry, catalogue.at(to), at, catalogue, findings);
  }
  const helpers = [
    ...(fallback === undefined ? [] : found(fallback, pointer(path, 'fallback'))),
    ...(recovery?.items ?? []).flatMap((id, index) => found(id, pointer(path, 'recovery', 'items', index))),
  ];
  return { waits, helpers };
}

function checkWorkspace(
  entry: Entry,
  other: Entry | undefined,
  path: string,
  catalogue: Catalogue,
  findings: Findings,
): void {
  if (!other) return;
  const { work } = other.item;
  if (work?.kind === 'consolidation' || work?.kind === 'checkpoint')
    findings.problem(path, `"${other.id}" is a ${work.kind}, which hands back no workspace.`);
  else if (!isOne(entry, other, catalogue)) findings.problem(path, ambiguous(other));
}

/** Whether, for each item that one stands for, it is clear which item of another is meant. */
export function isOne(entry: Entry, other: Entry, catalogue: Catalogue): boolean {
  const theirs = catalogue.lettersOf(other);
  const own = catalogue.lettersOf(entry);
  // What leads nowhere is told where it does.
  if (!theirs || own === undefined) return true;
  return own?.every((letter) => theirs.includes(letter)) === true;
}

export const ambiguous = ({ id }: Entry): string =>
  `"${id}" is there once per candidate, so it is not clear which is meant; an item that is for each of them can name it.`;
