import type { Synthesis } from '../contracts/reports/synthesis.js';
import { byCodeUnit } from './order.js';
import { type Collected, ofKind } from './report.js';

type PlainReport = NonNullable<Synthesis['synthesis']['reports']>[number];

/** Fields of a report that are taken, and characters of a text; the whole of it is among the package's reports. */
const mostFields = 50;
const mostCharacters = 200;

/** What reports say that keep to no contract of ours: the fields that can be read without knowing what they mean. */
export const plainReports = (inputs: readonly Collected[]): PlainReport[] =>
  ofKind(inputs, 'custom').map(({ item, agent, report: { outcome } }) => {
    const fields = Object.entries(outcome)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .slice(0, mostFields);
    return {
      item,
      agent,
      facts: Object.fromEntries(
        fields.flatMap(([name, value]) => (isPlain(value) ? [[name, shortened(value)] as const] : [])),
      ),
      lists: Object.fromEntries(
        fields.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.length] as const] : [])),
      ),
    };
  });

type Plain = PlainReport['facts'][string];

const isPlain = (value: unknown): value is Plain =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const shortened = (value: Plain): Plain => {
  if (typeof value !== 'string') return value;
  const text = value.toWellFormed();
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1).toWellFormed()}…` : text;
};

/** The same of one report for people. */
export const saysOf = (facts: PlainReport['facts'], lists: PlainReport['lists']): string =>
  [
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(lists).map(([name, length]) => `${name}: ${length} in a list`),
  ].join('; ');
