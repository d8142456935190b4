import { posix } from 'node:path';
import type { z } from 'zod';
import type { ArchitectureReport } from '../contracts/reports/architecture.js';
import type { CodeReport } from '../contracts/reports/code.js';
import type { InfrastructureReport } from '../contracts/reports/infrastructure.js';
import type { conflictSchema } from '../contracts/reports/synthesis.js';
import { assuredConflicts } from './assured-conflicts.js';
import { chainOf, lastOfChains } from './chains.js';
import type { Collection } from './collect.js';
import { count, firstOf, unique } from './order.js';
import { type CollectedReport, ofKind } from './report.js';

export type Conflict = z.infer<typeof conflictSchema>;

/**
 * Conflicts within and between reports, found by comparing what they say of the same thing. One with a resolution is
 * settled by the rule that it names; one without stays open, and a critical one that is open stops the work.
 */
export function findConflicts(collection: Collection): Conflict[] {
  const { inputs, contradicted } = collection;
  const [architecture] = ofKind(inputs, 'architecture');
  const [code] = ofKind(inputs, 'code');
  const [infrastructure] = ofKind(inputs, 'infrastructure');
  return [
    ...contradicted.map((key) =>
      conflict([key], 'It answered more than once, with different outcomes.', 'critical', null),
    ),
    ...(code ? withinCode(code) : []),
    ...(infrastructure ? withinInfrastructure(infrastructure) : []),
    ...(architecture && code ? overFiles(architecture, code) : []),
    ...(architecture && infrastructure ? overPackages(architecture, infrastructure) : []),
    ...candidatesAndValidations(collection),
    ...assuredConflicts(inputs),
  ];
}

const conflict = (
  between: readonly string[],
  about: string,
  severity: Conflict['severity'],
  resolution: string | null,
): Conflict => ({ between: [...between], about, severity, resolution });

function withinCode({ item, report }: CollectedReport<'code'>): Conflict[] {
  const byRule = report.byRule.reduce((sum, rule) => sum + rule.count, 0);
  const { all } = report.totals;
  return byRule === all && all === report.findings.length
    ? []
    : [
        conflict(
          [item],
          `It counts ${all} findings in all and ${byRule} by rule, and lists ${report.findings.length}.`,
          'critical',
          null,
        ),
      ];
}

function withinInfrastructure({ item, report }: CollectedReport<'infrastructure'>): Conflict[] {
  const { baseline, licenses } = report;
  const conflicts: Conflict[] = [];
  const tally = (verdict: string): number => baseline.tests.filter((test) => test.verdict === verdict).length;
  const [passed, failed, skipped] = [tally('pass'), tally('fail'), tally('skip')];
  if (passed !== baseline.passed || failed !== baseline.failed || skipped !== baseline.skipped)
    conflicts.push(
      conflict(
        [item],
        `The baseline counts ${baseline.passed} passed, ${baseline.failed} failed, ${baseline.skipped} skipped, but names ${passed}, ${failed} and ${skipped}.`,
        'critical',
        null,
      ),
    );
  const settled = 'The verdicts by name count; an exit code alone says nothing.';
  if (failed > 0 && baseline.exitCode === 0)
    conflicts.push(
      conflict(
        [item],
        `The test command says success, but ${count(failed, 'test')} failed.`,
        'major',
        settled,
      ),
    );
  if (failed === 0 && baseline.exitCode !== 0)
    conflicts.push(
      conflict(
        [item],
        `No test failed, but the test command ended with ${baseline.exitCode ?? 'no exit code'}.`,
        'major',
        settled,
      ),
    );
  if (licenses.declared !== null && !licenses.valid)
    conflicts.push(
      conflict(
        [item],
        `package.json declares the licence ${JSON.stringify(licenses.declared)}, which is not an SPDX expression.`,
        'minor',
        'It is taken as no declaration.',
      ),
    );
  if (licenses.declared === null && licenses.files.length > 0)
    conflicts.push(
      conflict(
        [item],
        `package.json declares no licence, but there is ${firstOf(licenses.files)}.`,
        'minor',
        'The file is for people to read; no licence is derived from it.',
      ),
    );
  return conflicts;
}

/** Both look at the library's own files: one by folder, the other file by file. */
function overFiles(architecture: CollectedReport<'architecture'>, code: CollectedReport<'code'>): Conflict[] {
  const between = [architecture.item, code.item];
  const seen = filesByFolder(code.report);
  const folders = new Map(
    architecture.report.components.map(({ name, files, lines }) => [name, { files, lines }]),
  );
  const known = new Set(code.report.files.map(({ file }) => file));
  const importing = unique(architecture.report.imports.map(({ from }) => from));
  const unseen = importing.filter((file) => !known.has(file));
  const conflicts: Conflict[] = [];
  if (folders.size > 0 && seen.size > 0 && ![...folders.keys()].some((name) => seen.has(name)))
    return [
      conflict(
        between,
        'They have looked at different files: no folder is in both reports.',
        'critical',
        null,
      ),
    ];
  const settled = 'The code report counts: it names each file.';
  for (const name of unique([...folders.keys(), ...seen.keys()])) {
    const [one, other] = [folders.get(name), seen.get(name)];
    if (one?.files !== other?.files)
      conflicts.push(
        conflict(
          between,
          `In ${name} one sees ${count(one?.files ?? 0, 'file')}, the other ${other?.files ?? 0}.`,
          'major',
          settled,
        ),
      );
    else if (one?.lines !== other?.lines)
      conflicts.push(
        conflict(
          between,
          `In ${name} one counts ${count(one?.lines ?? 0, 'line')}, the other ${other?.lines ?? 0}.`,
          'minor',
          settled,
        ),
      );
  }
  if (unseen.length > 0)
    conflicts.push(
      conflict(
        between,
        `The import graph goes out from ${count(unseen.length, 'file')} that the code report has not looked at: ${firstOf(unseen)}.`,
        'minor',
        'They are part of the map, and left as they are by the improvement.',
      ),
    );
  return conflicts;
}

function filesByFolder({ files }: CodeReport): Map<string, { files: number; lines: number }> {
  const folders = new Map<string, { files: number; lines: number }>();
  for (const { file, lines } of files) {
    const name = posix.dirname(file);
    const folder = folders.get(name) ?? { files: 0, lines: 0 };
    folders.set(name, { files: folder.files + 1, lines: folder.lines + lines });
  }
  return folders;
}

/** What is imported, declared and installed. */
function overPackages(
  architecture: CollectedReport<'architecture'>,
  infrastructure: CollectedReport<'infrastructure'>,
): Conflict[] {
  const between = [architecture.item, infrastructure.item];
  const installed = new Set(infrastructure.report.licenses.dependencies.map(({ name }) => name));
  const { undeclared, absent } = importedPackages(architecture.report, installed);
  return [
    ...undeclared.map((name) =>
      conflict(
        between,
        `${name} is imported and installed, but package.json does not declare it.`,
        'minor',
        'It is used as installed; that it is not declared is a risk.',
      ),
    ),
    ...absent.map((name) =>
      conflict(
        between,
        `${name} is declared and imported, but is not installed.`,
        'major',
        'Code that needs it counts as not covered by the tests.',
      ),
    ),
  ];
}

function importedPackages(
  { external }: ArchitectureReport,
  installed: ReadonlySet<InfrastructureReport['licenses']['dependencies'][number]['name']>,
): { undeclared: string[]; absent: string[] } {
  const packages = external.filter(({ kind }) => kind !== 'builtin');
  return {
    undeclared: unique(
      packages.filter(({ name, declared }) => !declared && installed.has(name)).map(({ name }) => name),
    ),
    absent: unique(
      packages.filter(({ name, declared }) => declared && !installed.has(name)).map(({ name }) => name),
    ),
  };
}

/** What candidates say of the same files, and what a candidate says that it changed against what was counted. */
function candidatesAndValidations({ inputs }: Collection): Conflict[] {
  const all = ofKind(inputs, 'candidate');
  const candidates = lastOfChains(all);
  const conflicts = ofKind(inputs, 'validation').flatMap((validation) => {
    const candidate = candidates.find(({ item }) => item === validation.workedOn);
    // What came of several items one after the other is said by none of them alone.
    if (candidate === undefined || chainOf(candidate, all).length > 1) return [];
    const said = candidate.report.changed.length;
    const counted = validation.report.change.files;
    if (said === counted) return [];
    const about = `The candidate says that it changed ${count(said, 'file')}; ${counted} differ.`;
    return conflict(
      [candidate.item, validation.item],
      about,
      'major',
      'What differs counts: it was compared byte by byte.',
    );
  });
  const times = Map.groupBy(
    candidates.flatMap((candidate) =>
      unique(chainOf(candidate, all).flatMap(({ report }) => report.changed)).map((file) => ({
        file,
        strategy: candidate.report.strategy,
      })),
    ),
    ({ file }) => file,
  );
  const shared = [...times]
    .filter(([, by]) => new Set(by.map(({ strategy }) => strategy)).size > 1)
    .map(([file]) => file);
  if (shared.length === 0) return conflicts;
  const about = `${count(shared.length, 'file')} changed by more than one strategy: ${firstOf(unique(shared))}.`;
  const resolution =
    'Their parts are crossed, and the combination with the highest fitness is taken; without a better one, the fittest candidate.';
  return [
    ...conflicts,
    conflict(
      candidates.map(({ item }) => item),
      about,
      'info',
      resolution,
    ),
  ];
}
