import type { ControlFileName, ControlProblem } from '../contracts/control-files.js';
import { type ControlItem, mostItems, mostText, type ReadControlFile } from './control-item.js';
import { parseSop } from './parse-sop.js';
import { parseTodo } from './parse-todo.js';

/** The shortest sentence that may say how it is checked that something is done. Characters. */
const shortestDone = 10;

/** Reads a control file, and says everything that is wrong with it in the order of its lines. Never throws. */
export function lintControlFile(file: ControlFileName, text: string): ReadControlFile {
  const read = file === '.sop' ? parseSop(text) : parseTodo(text);
  const noun = file === '.sop' ? 'step' : 'item';
  const items = read.items.slice(0, mostItems);
  const problems = [
    ...read.problems,
    ...tooMany(read.items, noun),
    ...items.flatMap((item) => problemsOf(item, items, noun)),
  ];
  return { items, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function tooMany(items: readonly ControlItem[], noun: string): ControlProblem[] {
  const first = items[mostItems];
  if (!first) return [];
  return [
    problem(first, `It has ${items.length} ${noun}s; from here on they are not read, as ${mostItems} are.`),
  ];
}

const problem = ({ line, column }: ControlItem, says: string): ControlProblem => ({ line, column, says });

function problemsOf(item: ControlItem, items: readonly ControlItem[], noun: string): ControlProblem[] {
  const { number, text, done, check, command, after } = item;
  const says: string[] = [];
  const name = `${noun === 'step' ? 'Step' : 'Item'} ${number}`;
  if ([text, done, check, command].some((one) => (one?.length ?? 0) > mostText))
    says.push(`${name} says something of more than ${mostText} characters.`);
  if (done !== null && done.length < shortestDone)
    says.push(`"${done}" does not say how it is checked that ${name.toLowerCase()} is done.`);
  const same = items.find((other) => plain(other.text) === plain(text));
  if (text !== '' && same && same.number < number)
    says.push(`${name} says the same as ${noun} ${same.number}.`);
  for (const other of after)
    if (!items.some((one) => one.number === other))
      says.push(`${name} waits for ${other}, and there is no ${noun} ${other}.`);
  if (waitsFor(item, items).has(number)) says.push(`${name} waits for itself.`);
  return says.map((one) => problem(item, one));
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ');

/** Numbers of all that must be done before an item, directly or not. */
function waitsFor({ after }: ControlItem, items: readonly ControlItem[]): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...after];
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    if (found.has(number)) continue;
    found.add(number);
    open.push(...(items[number - 1]?.after ?? []));
  }
  return found;
}
