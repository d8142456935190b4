import { canonicalJson } from '../../artifacts/canonical-json.js';
import { readResumption } from '../../continuation/resumed.js';
import { type ControlFile, controlFilesId } from '../../contracts/control-files.js';
import { type Assignment, acceptedRequestSchema } from '../../contracts/phase.js';
import { toldOf } from '../../registry/control-file-items.js';
import { type CapturedControlFile, readControlFiles } from '../../registry/read-control-files.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';

/**
 * Whether an assignment tells of each control file of the captured subject as it is, of each of its steps and open items
 * once and in order, and whether the work that is named for them is the work that the graph has for them.
 *
 * @returns what is not so, as sentences
 */
export async function controlFileProblems(judged: Judged, assignment: Assignment): Promise<string[]> {
  const { store } = judged;
  const { request, captured } = await readInput(judged, 'accepted', acceptedRequestSchema);
  const resumption = await readResumption(store, request);
  const told = assignment.controlFiles ?? [];
  // What an earlier run left is done in place of what the files ask for.
  if (resumption?.how === 'continue')
    return told.length === 0 ? [] : ['Control files are told of, and the run continues an earlier one.'];
  const files = await readControlFiles(store, captured.snapshot);
  const names = (all: readonly Pick<ControlFile, 'file'>[]): string =>
    all.map(({ file }) => file).join(' and ') || 'no control file';
  if (names(told) !== names(files)) return [`It tells of ${names(told)}; the subject has ${names(files)}.`];
  return [
    ...files.flatMap((file, at) => (told[at] ? fileProblems(file, told[at]) : [])),
    ...workProblems(told, assignment.graph.items),
  ];
}

function fileProblems(file: CapturedControlFile, told: ControlFile): string[] {
  const open = file.items.filter((item) => item.open).map(toldOf);
  const said = told.items.map(({ number, line, text }) => ({ number, line, text }));
  return [
    ...(told.digest === file.digest ? [] : [`What is told of ${file.file} is of another file.`]),
    ...(canonicalJson(told.problems) === canonicalJson(file.problems)
      ? []
      : [`What is wrong with ${file.file} is not what is told.`]),
    ...(canonicalJson(said) === canonicalJson(open)
      ? []
      : [`What ${file.file} has open is not what is told, or is in another order.`]),
  ];
}

function workProblems(told: readonly ControlFile[], items: Assignment['graph']['items']): string[] {
  const problems: string[] = [];
  const wanted = new Map<string, number | null>();
  for (const { file, items: steps } of told)
    for (const { number, fate, index, items: made } of steps) {
      if ((fate === 'admitted') !== made.length > 0)
        problems.push(`${number} of ${file} is ${fate}, and ${made.length} items are named for it.`);
      for (const id of made) {
        if (wanted.has(id)) problems.push(`${id} is named for two steps.`);
        wanted.set(id, index);
      }
    }
  for (const { id, rules } of items) {
    const { by, index } = rules?.discovered ?? {};
    if (by !== controlFilesId || index === undefined) continue;
    if (wanted.get(id) !== index) problems.push(`${id} is not named for the step that it is of.`);
    wanted.delete(id);
  }
  return [
    ...problems,
    ...[...wanted.keys()].map((id) => `${id} is named for a step and is not in the graph.`),
  ];
}
