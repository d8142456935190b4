import type { Answered } from '../../contracts/reports/final-report.js';
import type { Assurance } from '../assurance-of.js';
import { count, firstOf } from '../order.js';
import type { CollectedReport } from '../report.js';

/** What the success of the whole work is seen from. */
export interface Seen extends Assurance {
  /** The validation of what the work ended with. */
  readonly validation: CollectedReport<'validation'> | null;
}

/** Criteria without which nothing goes out; the others are warnings. */
export const criticalSuccess: readonly string[] = ['tests', 'end-to-end', 'security', 'rollback'];

/** Whether the work succeeded, question by question. What nobody reported is null, never met. */
export const successCriteria = (seen: Seen): Answered[] => [
  tests(seen),
  ...endToEnd(seen),
  documentation(seen),
  performance(seen),
  security(seen),
  rollback(seen),
  monitoring(seen),
];

const notReported = 'Nobody reported on it.';

const answered = (id: string, says: string, found: { met: boolean; evidence: string } | null): Answered => ({
  id,
  says,
  met: found?.met ?? null,
  evidence: found?.evidence ?? notReported,
});

function tests({ validation }: Seen): Answered {
  const says = 'Every test that passed before passes.';
  if (!validation) return answered('tests', says, null);
  const { broken, missing, tests: run } = validation.report;
  const met = broken.length === 0 && missing.length === 0 && run.tests.length > 0;
  const lost = firstOf([...broken, ...missing]);
  const evidence = `${run.passed} pass, ${run.failed} fail.${lost === '' ? '' : ` Broken or not run: ${lost}.`}`;
  return answered('tests', says, { met, evidence });
}

/** Looked at only where the change is complex. */
function endToEnd({ endToEnd: found }: Seen): Answered[] {
  if (!found) return [];
  const { passed, broken, entries } = found.report;
  const evidence = `${count(entries.length, 'entry point')}, ${broken} broken.`;
  return [answered('end-to-end', 'The packed package loads as before.', { met: passed, evidence })];
}

function documentation({ documentation: found }: Seen): Answered {
  return answered(
    'documentation',
    'README, guides and changelog lack nothing.',
    found && {
      met: found.report.incomplete === 0,
      evidence: `${count(found.report.gaps.length, 'gap')}, of which the change brings ${found.report.introduced}.`,
    },
  );
}

function performance({ performance: found }: Seen): Answered {
  return answered(
    'performance',
    'CPU time, memory and size were measured and are within their tolerances.',
    found && {
      met: found.report.measured && found.report.degradations === 0,
      evidence: `Load ${found.report.load}, memory ${found.report.memory}, size ${found.report.size.verdict}.`,
    },
  );
}

function security({ performance: found }: Seen): Answered {
  if (!found) return answered('security', securitySays, null);
  const { highRisk, secrets, calls } = found.report.security;
  const places = [
    ...secrets.map(({ rule, file, line }) => `${file}:${line} (${rule})`),
    ...calls.map(({ danger, file }) => `${file} (${danger})`),
  ];
  const evidence = places.length === 0 ? 'None was found.' : `${firstOf(places)}.`;
  return answered('security', securitySays, { met: highRisk === 0, evidence });
}

const securitySays = 'The change adds no secret and no dangerous call.';

function rollback({ performance: found }: Seen): Answered {
  return answered(
    'rollback',
    'Going back to the subject as it was captured is tested.',
    found && {
      met: found.report.rollback.tested,
      evidence: `Of its tests ${found.report.rollback.broken} are broken and ${found.report.rollback.missing} missing.`,
    },
  );
}

function monitoring({ performance: found }: Seen): Answered {
  return answered(
    'monitoring',
    'What is watched has a value to be compared with.',
    found && {
      met: found.report.monitoring.configured,
      evidence: `${count(found.report.monitoring.metrics.length, 'metric')}.`,
    },
  );
}
