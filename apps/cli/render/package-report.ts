import type { CheckPart, PackageReport } from '../../../libs/contracts/package-check.js';
import type { Colors } from '../terminal.js';
import { bytes } from './bytes.js';
import { plain } from './plain.js';

const titles: Readonly<Record<CheckPart, string>> = {
  package: 'Package',
  seal: 'Seal',
  identity: 'Identity',
};

/** What the checks of a package found, part by part; the last line says what it comes to. */
export function packageReport(report: PackageReport, colors: Colors): string {
  const { checks, waivers, files } = report;
  const width = Math.max(...checks.map(({ check }) => check.length));
  const marks = {
    proven: colors.green('proven       '),
    failed: colors.red('FAILED       '),
    'not-checkable': colors.yellow('not checkable'),
  } as const;
  const lines = (['package', 'seal', 'identity'] as const).flatMap((part) => {
    const found = checks.filter((check) => check.part === part);
    if (found.length === 0) return [];
    return [
      colors.bold(titles[part]),
      ...found.flatMap(({ check, state, says, problems }) => [
        `  ${marks[state]}  ${check.padEnd(width)}  ${plain(says)}`,
        ...problems.slice(1).map((problem) => `${' '.repeat(19 + width)}${plain(problem)}`),
      ]),
      '',
    ];
  });
  const waived = waivers.map(
    ({ phase, by, reason, at }) => `Waived: ${phase}, by ${plain(by)} at ${plain(at)}: ${plain(reason)}`,
  );
  const head = [
    `${plain(report.path)}: ${files.count} files, ${bytes(files.bytes)}`,
    report.run === null
      ? ''
      : `Run ${plain(report.run)} on ${plain(report.subject ?? 'an unknown subject')}, ${plain(report.decision ?? 'no decision')}`,
  ].filter((line) => line !== '');
  const verdict = report.proven ? colors.green(report.says) : colors.red(report.says);
  return [...head, '', ...lines, ...waived, ...(waived.length > 0 ? [''] : []), verdict].join('\n');
}
