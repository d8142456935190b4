import type { ControlItem, ReadControlFile } from './control-item.js';
import { type List, type ListItem, Markdown } from './read-markdown.js';
import { readValue, type Values } from './values.js';

/** Keys of items, by what they mean. */
const keys = { priority: 'priority', done: 'done', 'blocked by': 'after', command: 'command' } as const;

const isKey = (name: string): name is keyof typeof keys => Object.hasOwn(keys, name);

/** Lists in lists that are read. */
const deepest = 10;

/** Reads a `.todo`: task lists of GitHub's Markdown, under whatever headings. Never throws. */
export function parseTodo(text: string): ReadControlFile {
  const markdown = new Markdown(text);
  const items: ControlItem[] = [];
  for (const block of markdown.blocks) if (block.type === 'list') readList(markdown, block, items, 1);
  if (items.length === 0 && markdown.problems.length === 0)
    markdown.problems.push({ line: 1, column: 1, says: 'It has no items such as "- [ ] text".' });
  return { items, problems: markdown.problems };
}

function readList(markdown: Markdown, list: List, items: ControlItem[], depth: number): void {
  for (const item of list.children) {
    readItem(markdown, item, items);
    for (const block of item.children)
      if (block.type === 'list') {
        if (depth < deepest) readList(markdown, block, items, depth + 1);
        else markdown.problem(block, `Lists are read to a depth of ${deepest}.`);
      }
  }
}

function readItem(markdown: Markdown, item: ListItem, items: ControlItem[]): void {
  const [first] = item.children;
  const source = first?.type === 'paragraph' ? markdown.source(first) : '';
  if (typeof item.checked !== 'boolean') {
    const empty = source === '' || /^\[[ xX]\]$/.test(source);
    markdown.problem(
      item,
      empty ? 'This item says nothing.' : 'This is no task: it begins with neither [ ] nor [x].',
    );
    return;
  }
  const { text, tags, values } = withoutEnd(markdown, item, source.replace(/^\[[ \txX]\]\s*/, ''));
  if (text === '') {
    markdown.problem(item, 'This item says nothing.');
    return;
  }
  const { done = null, check = null, command = null, priority = 'normal', after = [] } = values;
  items.push({
    number: items.length + 1,
    ...markdown.at(item),
    text,
    ...{ done, check, command, priority, after, tags },
    open: !item.checked,
  });
}

const tagAtEnd = /(?:^|\s)#([A-Za-z][\w-]{0,49})$/;
const valueAtEnd = /(?:^|\s)\(([A-Za-z][A-Za-z -]{0,30}):\s*((?:`[^`]*`|[^`()])*)\)$/;

/** Takes tags and values in parentheses from the end of what an item says. */
function withoutEnd(
  markdown: Markdown,
  item: ListItem,
  source: string,
): { text: string; tags: string[]; values: Values } {
  const tags: string[] = [];
  const values: Values = {};
  const said = new Set<string>();
  // Longer ones are named by the lint, and are no work.
  let text = source.slice(0, 5000).toWellFormed();
  for (;;) {
    const tag = tagAtEnd.exec(text);
    if (tag?.[1] !== undefined) {
      if (!tags.includes(tag[1])) tags.unshift(tag[1]);
      text = text.slice(0, tag.index).trimEnd();
      continue;
    }
    const found = valueAtEnd.exec(text);
    const [, name = '', value = ''] = found ?? [];
    if (!found) break;
    if (!isKey(name)) {
      markdown.problem(item, `"${name}" is no key of an item, which are ${Object.keys(keys).join(', ')}.`);
      break;
    }
    const read = readValue(keys[name], value.trim());
    if (typeof read === 'string') {
      markdown.problem(item, read);
      break;
    }
    if (said.has(name)) markdown.problem(item, `"${name}" is said twice; the last counts.`);
    else Object.assign(values, read);
    said.add(name);
    text = text.slice(0, found.index).trimEnd();
  }
  return { text, tags, values };
}
