import type { ValidationReport } from '../contracts/reports/candidate.js';
import type { CodeReport } from '../contracts/reports/code.js';
import type { InfrastructureReport } from '../contracts/reports/infrastructure.js';
import { isNotNeeded } from '../graph/not-needed.js';
import { riskLimits } from './assess-risks.js';
import { comparableFindings } from './fitness.js';
import type { Judged } from './judged.js';
import { count, firstOf } from './order.js';
import { type Collected, ofKind } from './report.js';

/** Percentage points by which coverage may fall without a warning: runs differ by a line or two. */
const coverageSlack = 1;

/**
 * The warnings about a run; docs/reference/fitness.md lists them.
 *
 * @param validation of what would be delivered; undefined where there is none
 */
export function warningsOf(
  { unfinished }: Judged,
  inputs: readonly Collected[],
  validation: ValidationReport | undefined,
): string[] {
  const [infrastructure] = ofKind(inputs, 'infrastructure');
  return [
    ...(infrastructure && validation ? testWarnings(infrastructure.report, validation) : []),
    ...(infrastructure ? documentationWarnings(infrastructure.report) : []),
    ...(infrastructure ? secretWarnings(infrastructure.report) : []),
    ...(validation ? changeWarnings(validation, ofKind(inputs, 'code')[0]?.report) : []),
    ...unfinishedWarnings(unfinished),
  ];
}

/** What was not needed is no lack. What a person let be skipped is told with who it was. */
function unfinishedWarnings(unfinished: Judged['unfinished']): string[] {
  const needed = unfinished.filter((one) => !isNotNeeded(one));
  const lacking = needed.filter(({ waived }) => !waived);
  const waived = needed.flatMap(({ item, waived: by }) => (by ? [`${item} by ${by.by} (${by.reason})`] : []));
  return [
    ...(lacking.length > 0
      ? [
          `${count(lacking.length, 'item')} without a result: ${firstOf(lacking.map(({ item, code }) => `${item} (${code})`))}.`,
        ]
      : []),
    ...(waived.length > 0 ? [`Skipped by a person: ${firstOf(waived)}.`] : []),
  ];
}

function testWarnings({ baseline, coverage }: InfrastructureReport, report: ValidationReport): string[] {
  const warnings: string[] = [];
  if (report.tests.failed > 0)
    warnings.push(`${count(report.tests.failed, 'test')} that failed before still fail.`);
  if (report.tests.skipped > baseline.skipped)
    warnings.push(`${count(report.tests.skipped, 'test')} are skipped; before it was ${baseline.skipped}.`);
  const { functions } = report.coverage;
  if (functions === null)
    warnings.push('Coverage was not counted, so nothing says how much the tests reach.');
  else if (functions < riskLimits.fewFunctions)
    warnings.push(`The tests reach ${functions} % of the functions; passing says little of the rest.`);
  if (functions !== null && coverage.functions !== null && functions < coverage.functions - coverageSlack)
    warnings.push(`Coverage of functions fell from ${coverage.functions} % to ${functions} %.`);
  return warnings;
}

const documentationWarnings = ({ licenses }: InfrastructureReport): string[] =>
  licenses.declared !== null && licenses.valid
    ? []
    : [
        `The licence is not documented: package.json declares ${licenses.declared === null ? 'none' : JSON.stringify(licenses.declared)}.`,
      ];

const secretWarnings = ({ secrets }: InfrastructureReport): string[] =>
  secrets.length === 0
    ? []
    : [`The subject itself holds ${count(secrets.length, 'place')} that look like secrets.`];

function changeWarnings(validation: ValidationReport, code: CodeReport | undefined): string[] {
  const { change } = validation;
  const findings = code && comparableFindings(code, validation);
  const warnings: string[] = [];
  if (change.largestDeletion >= riskLimits.deletion)
    warnings.push(`It deletes ${change.largestDeletion} lines in one place, which tests may not see.`);
  if (change.files === 0) warnings.push('It changes nothing.');
  if (findings && findings.after > findings.before)
    warnings.push(`It has ${findings.after} findings; the subject had ${findings.before}.`);
  return warnings;
}
