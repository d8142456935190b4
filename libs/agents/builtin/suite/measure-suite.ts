import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRun } from '../../../contracts/reports/tests.js';
import type { Places } from '../subject/places.js';
import { runSuite } from './run-suite.js';

/** A run of the suite, and what it took. */
export interface MeasuredSuite {
  readonly run: TestRun;
  /** CPU time of all its processes, in milliseconds; null where it was killed. */
  readonly cpuMs: number | null;
  /** The most memory that one of its processes of Node held, in bytes; null where none ended by itself. */
  readonly memoryBytes: number | null;
}

/**
 * Runs the suite without coverage. CPU time is what the shell counts for its children, and theirs. Memory is what each
 * process of Node says when it ends.
 */
export async function measureSuite(places: Places, command: string, wallMs: number): Promise<MeasuredSuite> {
  const folder = join(places.scratch, 'measured');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'memory'), { recursive: true });
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('suite.sh'), `${command}\n`);
  writeFileSync(at('hook.cjs'), hook(at('memory')));
  const line = [
    `NODE_OPTIONS="--require=${at('hook.cjs')} \${NODE_OPTIONS:-}" /bin/sh ${quoted(at('suite.sh'))}`,
    'code=$?',
    `times > ${quoted(at('times'))}`,
    'exit $code',
  ];
  const { run } = await runSuite(places, { command: line.join('; '), wallMs, coverage: false });
  return { run: { ...run, command }, cpuMs: childrenCpu(at('times')), memoryBytes: mostMemory(at('memory')) };
}

const hook = (folder: string): string => `'use strict';
process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  require('fs').writeFileSync(${JSON.stringify(`${folder}/`)} + process.pid, String(maxRSS));
});
`;

/** The second line of `times` is about the children: `0m1.230s 0m0.450s`, user and system. */
function childrenCpu(path: string): number | null {
  const second = textOf(path).split('\n')[1] ?? '';
  const times = [...second.matchAll(/(\d+)m([\d.]+)s/g)];
  if (times.length !== 2) return null;
  return Math.round(
    times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0),
  );
}

function mostMemory(folder: string): number | null {
  const kibibytes = readdirSync(folder).map((name) => Number(textOf(join(folder, name))));
  return kibibytes.length === 0 ? null : Math.max(...kibibytes) * 1024;
}

/** A suite that was killed leaves no file, which then is as an empty one. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
