import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'tap-parser';
import { z } from 'zod';
import type { TestVerdict } from '../../../contracts/reports/tests.js';
import { byCodeUnit } from '../subject/order.js';
import type { WorkingCopy } from './working-copy.js';

/** A verdict as a runner reported it. Titles and file come from the subject's processes: data, not to be trusted. */
interface Reported {
  readonly titles: readonly string[];
  readonly verdict: TestVerdict['verdict'];
  readonly file: string;
}

const largest = 64 * 1024 * 1024;
const mostTests = 200_000;
const longestName = 2000;

/** What ran, and the verdicts: sorted by name, names that occur twice with a counter. */
export interface Verdicts {
  /** Names of the runners, joined by `+`; `tap` where only the output was TAP; `unknown` where nothing reported. */
  readonly runner: string;
  readonly tests: TestVerdict[];
}

/** Reads what the runners reported; where none did, the command's own output if it is TAP. */
export function readReports(copy: WorkingCopy, stdout: string): Verdicts {
  const runners = new Set<string>();
  const reported: Reported[] = [];
  for (const name of readdirSync(copy.reports).sort(byCodeUnit)) {
    const read = readers.find(({ pattern }) => pattern.test(name));
    if (read === undefined) continue;
    const verdicts = read.read(join(copy.reports, name));
    if (verdicts.length > 0) runners.add(read.runner);
    for (const verdict of verdicts) reported.push(verdict);
  }
  if (reported.length === 0) {
    reported.push(...fromTap(stdout));
    if (reported.length > 0) runners.add('tap');
  }
  const runner = [...runners].sort(byCodeUnit).join('+') || 'unknown';
  return { runner, tests: named(reported.slice(0, mostTests), copy.workspace) };
}

const readers: readonly { pattern: RegExp; runner: string; read: (path: string) => Reported[] }[] = [
  { pattern: /^mocha-\d+\.jsonl$/, runner: 'mocha', read: (path) => fromLines(textOf(path)) },
  { pattern: /^node-\d+\.jsonl$/, runner: 'node', read: (path) => fromLines(textOf(path)) },
  { pattern: /^\d+-tape\.tap$/, runner: 'tape', read: (path) => fromTap(textOf(path)) },
  { pattern: /^jasmine-\d+\.jsonl$/, runner: 'jasmine-node', read: (path) => fromLines(textOf(path)) },
  { pattern: /^\d+-jest\.json$/, runner: 'jest', read: (path) => fromJest(textOf(path)) },
  { pattern: /^\d+-vitest\.json$/, runner: 'vitest', read: (path) => fromJest(textOf(path)) },
];

function named(reported: readonly Reported[], workspace: string): TestVerdict[] {
  const seen = new Map<string, number>();
  const relative = (text: string): string => text.replaceAll(`${workspace}/`, '');
  return reported
    .map((test) => ({
      name: relative(test.titles.join(' > ')).slice(0, longestName) || '(anonymous)',
      file: relative(test.file),
      verdict: test.verdict,
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.file, b.file))
    .map(({ name, verdict }) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return { name: count === 1 ? name : `${name} (${count})`, verdict };
    })
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

/** The text of a regular file of bounded size; anything else is empty. */
function textOf(path: string): string {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return entry?.isFile() && entry.size <= largest ? readFileSync(path, 'utf8') : '';
}

const lineSchema = z.object({
  titles: z.array(z.string()),
  verdict: z.enum(['pass', 'fail', 'skip']),
  file: z.string(),
});

const fromLines = (text: string): Reported[] =>
  text.split('\n').flatMap((line) => {
    const parsed = lineSchema.safeParse(json(line));
    return parsed.success ? [parsed.data] : [];
  });

/** Assertions of TAP, each under the comment before it, which is the title of its test. */
function fromTap(text: string): Reported[] {
  const reported: Reported[] = [];
  let title = '';
  const parser = new Parser();
  parser.on('comment', (comment: string) => {
    title = comment.replace(/^#\s*/, '').trim();
  });
  parser.on('assert', (result: { ok: boolean; name: string; skip: unknown; todo: unknown }) => {
    const verdict = result.skip || result.todo ? 'skip' : result.ok ? 'pass' : 'fail';
    reported.push({ titles: [title, result.name].filter((part) => part !== ''), verdict, file: '' });
  });
  // Several streams may follow each other, and a plan would end the first: tests are counted, plans are not needed.
  parser.end(text.replace(/^(?:1\.\.\d+|TAP version \d+).*$/gm, ''));
  return reported;
}

const jestSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string().default(''),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()).default([]), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

/** The JSON form that jest and vitest have in common. */
function fromJest(text: string): Reported[] {
  const parsed = jestSchema.safeParse(json(text));
  if (!parsed.success) return [];
  return parsed.data.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      titles: [...ancestorTitles, title].filter((part) => part !== ''),
      verdict: status === 'passed' ? 'pass' : status === 'failed' ? 'fail' : 'skip',
      file: name,
    })),
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
