import type { ControlItem, ReadControlFile } from './control-item.js';
import { type List, type ListItem, Markdown } from './read-markdown.js';
import { readValue, type Values } from './values.js';

/** A procedure: what it is for, and its steps. */
export interface Procedure extends ReadControlFile {
  readonly title: string | null;
  readonly purpose: string | null;
}

const keys = ['done', 'command', 'after', 'priority'] as const;

/** Reads a `.sop`: a heading, a paragraph that says what for, and numbered steps. Never throws. */
export function parseSop(text: string): Procedure {
  const markdown = new Markdown(text);
  const { blocks } = markdown;
  const items: ControlItem[] = [];
  for (const block of blocks)
    if (block.type === 'list') {
      if (block.ordered)
        for (const item of block.children) items.push(stepOf(markdown, item, items.length + 1));
      else markdown.problem(block, 'This list has no numbers, so its items are no steps.');
    }
  const heading = blocks.find(({ type }) => type === 'heading');
  const purpose = blocks
    .slice(
      0,
      blocks.findIndex(({ type }) => type === 'list'),
    )
    .find(({ type }) => type === 'paragraph');
  if (markdown.readable) {
    const start = { line: 1, column: 1 };
    if (!heading) markdown.problems.push({ ...start, says: 'It has no heading that names the procedure.' });
    if (!purpose)
      markdown.problems.push({
        ...start,
        says: 'No paragraph before the steps says what the procedure is for.',
      });
    if (items.length === 0) markdown.problems.push({ ...start, says: 'It has no numbered steps.' });
  }
  return {
    title: heading ? markdown.source(heading).replace(/^#+\s*/, '') : null,
    purpose: purpose ? markdown.source(purpose) : null,
    items,
    problems: markdown.problems,
  };
}

function stepOf(markdown: Markdown, item: ListItem, number: number): ControlItem {
  const [first, ...rest] = item.children;
  const text = first?.type === 'paragraph' ? markdown.source(first) : '';
  if (text === '') markdown.problem(item, `Step ${number} says nothing.`);
  const values: Values = {};
  for (const block of text === '' ? item.children : rest)
    if (block.type === 'list') valuesOf(markdown, block, values);
  const { done = null, check = null, command = null, priority = 'normal' } = values;
  if (text !== '' && done === null && check === null && command === null)
    markdown.problem(
      item,
      `Step ${number} has neither "done" nor "command", so nobody can check that it is done.`,
    );
  return {
    number,
    ...markdown.at(item),
    text,
    ...{ done, check, command, priority },
    after: values.after ?? (number === 1 ? [] : [number - 1]),
    tags: [],
    open: true,
  };
}

function valuesOf(markdown: Markdown, list: List, values: Values): void {
  const said = new Set<string>();
  for (const item of list.children) {
    const [first] = item.children;
    const text = first?.type === 'paragraph' ? markdown.source(first) : '';
    const [, name, value = ''] = /^([A-Za-z][A-Za-z -]{0,30}):\s*(.*)$/.exec(text) ?? [];
    const key = keys.find((one) => one === name);
    if (name === undefined)
      markdown.problem(item, `This is not one of ${keys.join(', ')} with a value behind a colon.`);
    else if (key === undefined)
      markdown.problem(item, `"${name}" is no key of a step, which are ${keys.join(', ')}.`);
    else if (said.has(key)) markdown.problem(item, `"${key}" is said twice; the first counts.`);
    else {
      said.add(key);
      const read = readValue(key, value);
      if (typeof read === 'string') markdown.problem(item, read);
      else Object.assign(values, read);
    }
  }
}
