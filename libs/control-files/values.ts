import { type Priority, priorities } from '../protocol/priorities.js';

/** What a step or an item says by keys. */
export interface Values {
  done?: string;
  check?: string;
  command?: string;
  after?: readonly number[];
  priority?: Priority;
}

/** The command between backticks; undefined where it is not all between them. */
const codeIn = (text: string): string | undefined => /^`([^`]+)`$/.exec(text)?.[1]?.trim() || undefined;

const quoted = (text: string): string => `"${text.slice(0, 50).toWellFormed()}"`;

/**
 * Reads the value of a key.
 *
 * @returns what it means, or a sentence that says what is wrong with it
 */
export function readValue(key: 'done' | 'command' | 'after' | 'priority', text: string): Values | string {
  if (text === '') return `"${key}" has no value.`;
  switch (key) {
    case 'command':
      return { command: codeIn(text) ?? text };
    case 'done': {
      const check = codeIn(text);
      return check === undefined ? { done: text } : { check };
    }
    case 'after':
      if (text === 'none') return { after: [] };
      if (!/^#?\d{1,6}(?:\s*,\s*#?\d{1,6})*$/.test(text))
        return `${quoted(text)} is not a list of numbers such as "1, 2".`;
      return { after: [...new Set(text.split(',').map((one) => Number(one.replace('#', ''))))] };
    case 'priority': {
      const priority = priorities.find((one) => one === text);
      return priority ? { priority } : `${quoted(text)} is no priority, which are ${priorities.join(', ')}.`;
    }
  }
}
