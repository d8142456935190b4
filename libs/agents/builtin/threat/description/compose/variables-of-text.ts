import type { Variable } from '../read-environment.js';

/** Lines `NAME=value` of a file of variables; blank lines, comments and quotes around values are left out. */
export const variablesOfText = (text: string, file: string): Variable[] =>
  text.split('\n').flatMap((line, index): Variable[] => {
    const match = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line.trim());
    const [, name, value = ''] = match ?? [];
    if (name === undefined) return [];
    return [{ name, value: value.replace(/^(['"])(.*)\1$/, '$2'), place: { file, line: index + 1 } }];
  });
