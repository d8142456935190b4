import { z } from 'zod';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Comparison } from '../contracts/agent.js';
import { findingSchema } from '../contracts/reports/finding.js';
import { testVerdictSchema } from '../contracts/reports/tests.js';

export interface Compared {
  readonly equal: boolean;
  /** JSON pointers with both sides, or sentences; at most 20 and a count of the others. */
  readonly differences: readonly string[];
}

const most = 20;

/**
 * Compares the outcomes of two executions of an agent as its manifest declares.
 *
 * - `digest`: all of it, byte for byte.
 * - `same-test-verdicts`: the names and verdicts of the tests, and everything else but the coverage.
 * - `same-findings`: each finding's tool, rule, file and line, however often; nothing else but the kind.
 *
 * An outcome without the part that is compared equals nothing, not even itself.
 */
export function compareOutcomes(comparison: Comparison, first: unknown, second: unknown): Compared {
  const differences = differencesOf(comparison, first, second);
  const left = differences.length - most;
  return {
    equal: differences.length === 0,
    differences: left > 0 ? [...differences.slice(0, most), `and ${left} more`] : differences,
  };
}

function differencesOf(comparison: Comparison, first: unknown, second: unknown): string[] {
  switch (comparison) {
    case 'digest':
      return compareValues('', first, second);
    case 'same-test-verdicts':
      return compareParts(verdictsApart, first, second, 'test run');
    case 'same-findings':
      return compareParts(findingsOnly, first, second, 'findings');
  }
}

function compareParts(
  part: (outcome: unknown) => unknown,
  first: unknown,
  second: unknown,
  what: string,
): string[] {
  const [one, other] = [part(first), part(second)];
  const lacking = [one === null ? 'The first' : null, other === null ? 'The second' : null].filter(
    (which) => which !== null,
  );
  if (lacking.length > 0) return lacking.map((which) => `${which} outcome holds no ${what}.`);
  return compareValues('', one, other);
}

const runSchema = z.looseObject({ tests: z.array(testVerdictSchema) });
const baselineSchema = z.looseObject({ baseline: runSchema });
const validationSchema = z.looseObject({ tests: runSchema });

/** An outcome without its coverage, its tests as verdicts by name; null where it has no test run. */
function verdictsApart(outcome: unknown): unknown {
  const byName = (run: z.infer<typeof runSchema>) => ({
    ...run,
    tests: Object.fromEntries(run.tests.map(({ name, verdict }) => [name, verdict])),
  });
  const baseline = baselineSchema.safeParse(outcome);
  if (baseline.success) return { ...baseline.data, baseline: byName(baseline.data.baseline), coverage: null };
  const validation = validationSchema.safeParse(outcome);
  if (validation.success) return { ...validation.data, tests: byName(validation.data.tests), coverage: null };
  return null;
}

const findingsSchema = z.looseObject({ kind: z.string(), findings: z.array(findingSchema) });

/** How often each finding is there, by tool, rule, file and line; null where there is no list of findings. */
function findingsOnly(outcome: unknown): unknown {
  const parsed = findingsSchema.safeParse(outcome);
  if (!parsed.success) return null;
  const counts: Record<string, number> = {};
  for (const { tool, rule, file, line } of parsed.data.findings) {
    const key = `${tool} ${rule} ${file ?? ''}:${line ?? ''}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return { kind: parsed.data.kind, findings: counts };
}

function compareValues(path: string, first: unknown, second: unknown): string[] {
  if (first === second) return [];
  if (Array.isArray(first) && Array.isArray(second)) {
    const length = Math.max(first.length, second.length);
    return Array.from({ length }).flatMap((_, index) =>
      compareValues(`${path}/${index}`, first[index], second[index]),
    );
  }
  if (isObject(first) && isObject(second)) {
    const names = [...new Set([...Object.keys(first), ...Object.keys(second)])].sort();
    return names.flatMap((name) =>
      compareValues(`${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, first[name], second[name]),
    );
  }
  return [`${path || '/'}: ${shown(first)}, then ${shown(second)}`];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  value === undefined ? 'absent' : canonicalJson(value).slice(0, 100);
