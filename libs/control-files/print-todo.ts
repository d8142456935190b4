import type { ControlItem } from './control-item.js';

/** A backlog as a `.todo` that reads as the same items. */
export const printTodo = (items: readonly ControlItem[]): string =>
  items.map((item) => `${lineOf(item)}\n`).join('');

function lineOf({ open, text, priority, done, check, after, command, tags }: ControlItem): string {
  return [
    `- [${open ? ' ' : 'x'}] ${text}`,
    ...(priority === 'normal' ? [] : [`(priority: ${priority})`]),
    ...(done === null ? [] : [`(done: ${done})`]),
    ...(check === null ? [] : [`(done: \`${check}\`)`]),
    ...(after.length === 0 ? [] : [`(blocked by: ${after.map((number) => `#${number}`).join(', ')})`]),
    ...(command === null ? [] : [`(command: ${command.includes('`') ? command : `\`${command}\``})`]),
    ...tags.map((tag) => `#${tag}`),
  ].join(' ');
}
