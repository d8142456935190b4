import { roster as shipped } from '../../../dist/libs/roster/roster.js';

export * from '../../../dist/libs/roster/roster.js';

/** Gives a report that is in order, and another one each time. */
const program = `
  const file = 'lib/text.js';
  const message = require('node:crypto').randomUUID();
  const outcome = {
    kind: 'code',
    files: [{ file, lines: 16, functions: 4, maxComplexity: 3 }],
    findings: [{ tool: 'mood', rule: 'mood', severity: 'info', file, line: 1, message }],
    byRule: [{ tool: 'mood', rule: 'mood', count: 1, files: 1 }],
    byFile: [{ file, count: 1 }],
    totals: { style: 1, correctness: 0, debt: 0, all: 1 },
  };
  process.stdout.write(JSON.stringify({ status: 'done', outcome }));
`;

/** The roster with one agent for the analysis of code: a program that claims to answer the same each time, and does not. */
export const roster = [
  ...shipped.filter(({ capabilities }) => !capabilities.includes('analyse.code')),
  {
    ...shipped.find(({ id }) => id === 'code'),
    id: 'code.erratic',
    title: 'Code by mood',
    driver: { kind: 'command', command: ['/heptad/bin/node', '-e', program] },
    parameters: {},
    comparison: 'digest',
  },
];
