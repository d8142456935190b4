import { isAbsolute, relative } from 'node:path';
import type { Finding } from '../../../contracts/reports/finding.js';
import { byCodeUnit } from '../subject/order.js';

/** Findings in an order that does not depend on which tool or thread was first: file, line, tool, rule, message. */
export const sortFindings = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted(
    (a, b) =>
      byCodeUnit(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      byCodeUnit(a.tool, b.tool) ||
      byCodeUnit(a.rule, b.rule) ||
      byCodeUnit(a.message, b.message),
  );

/** A tool's path as the reports have it: relative to the workspace. */
export const reportedPath = (workspace: string, path: string): string =>
  isAbsolute(path) ? relative(workspace, path) : path.replace(/^\.\//, '');

/** A tool's message, bounded, and without the place where the workspace happens to be. */
export const reportedMessage = (workspace: string, message: string): string =>
  message.replaceAll(`${workspace}/`, '').slice(0, 1000);

/** How many findings each file has, most first. */
export function countByFile(findings: readonly Finding[]): { file: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { file } of findings) if (file !== null) counts.set(file, (counts.get(file) ?? 0) + 1);
  return [...counts]
    .map(([file, count]) => ({ file, count }))
    .sort((a, b) => b.count - a.count || byCodeUnit(a.file, b.file));
}

/** How many findings each rule made and in how many files, most first. */
export function countByRule(
  findings: readonly Finding[],
): { tool: string; rule: string; count: number; files: number }[] {
  const rules = new Map<string, { tool: string; rule: string; count: number; files: Set<string | null> }>();
  for (const { tool, rule, file } of findings) {
    const key = `${tool} ${rule}`;
    const entry = rules.get(key) ?? { tool, rule, count: 0, files: new Set() };
    entry.count += 1;
    entry.files.add(file);
    rules.set(key, entry);
  }
  return [...rules.values()]
    .map(({ files, ...entry }) => ({ ...entry, files: files.size }))
    .sort((a, b) => b.count - a.count || byCodeUnit(a.tool, b.tool) || byCodeUnit(a.rule, b.rule));
}
