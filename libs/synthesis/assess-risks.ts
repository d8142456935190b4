import { z } from 'zod';
import { severities } from '../contracts/reports/finding.js';
import type { synthesisSchema } from '../contracts/reports/synthesis.js';
import { assuranceOf } from './assurance-of.js';
import { byCodeUnit, count, firstOf, unique } from './order.js';
import { type Collected, type CollectedReport, ofKind } from './report.js';
import { workDone } from './work-done.js';

export type Risk = z.infer<typeof synthesisSchema>['synthesis']['riskAssessment'][number];

/** Thresholds of the risks; docs/reference/fitness.md repeats them. Percent, lines, cyclomatic complexity. */
export const riskLimits = { fewFunctions: 50, someFunctions: 80, deletion: 30, complexity: 20 } as const;

/** The risks that the reports show, each with its evidence; worst first. */
export function assessRisks(inputs: readonly Collected[], missing: readonly string[]): Risk[] {
  const risks = [
    ...(missing.length > 0 ? [risk('Items have no result.', 'critical', firstOf(missing))] : []),
    ...ofKind(inputs, 'infrastructure').flatMap(fromInfrastructure),
    ...ofKind(inputs, 'architecture').flatMap(fromArchitecture),
    ...ofKind(inputs, 'code').flatMap(fromCode),
    ...ofKind(inputs, 'validation').flatMap(fromValidation),
    ...fromAssurance(inputs),
    ...fromPlainReports(inputs),
  ];
  return risks.sort(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      byCodeUnit(a.risk, b.risk) ||
      byCodeUnit(a.evidence, b.evidence),
  );
}

const risk = (says: string, severity: Risk['severity'], evidence: string): Risk => ({
  risk: says,
  severity,
  evidence,
});

function fromInfrastructure({ report }: CollectedReport<'infrastructure'>): Risk[] {
  const { baseline, coverage, secrets, licenses } = report;
  const risks: Risk[] = [];
  const failing = baseline.tests.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
  if (baseline.passed === 0)
    risks.push(
      risk(
        'No test passes, so tests protect nothing.',
        'critical',
        `${count(baseline.tests.length, 'test')} ran.`,
      ),
    );
  if (failing.length > 0)
    risks.push(
      risk(
        'Tests fail before anything is changed.',
        'major',
        `${failing.length} of ${baseline.tests.length}: ${firstOf(failing)}`,
      ),
    );
  const { functions } = coverage;
  if (functions === null)
    risks.push(
      risk('Nothing says how much of the code the tests reach.', 'major', 'Coverage was not counted.'),
    );
  else if (functions < riskLimits.someFunctions)
    risks.push(
      risk(
        'The tests reach only a part of the functions; a change elsewhere goes unseen.',
        functions < riskLimits.fewFunctions ? 'major' : 'minor',
        `${functions} % of the functions are covered.`,
      ),
    );
  if (secrets.length > 0)
    risks.push(
      risk(
        'The subject holds what looks like secrets.',
        'critical',
        firstOf(secrets.map(({ rule, file, line }) => `${file}:${line} (${rule})`)),
      ),
    );
  if (licenses.declared === null || !licenses.valid)
    risks.push(
      risk(
        'It is not clear under which licence the subject may be used.',
        'major',
        `Declared: ${licenses.declared ?? 'nothing'}; licence files: ${licenses.files.length > 0 ? firstOf(licenses.files) : 'none'}.`,
      ),
    );
  const unlicensed = unique(
    licenses.dependencies
      .filter(({ license }) => license === null)
      .map(({ name, version }) => `${name}@${version}`),
  );
  if (unlicensed.length > 0)
    risks.push(risk('Installed packages declare no licence.', 'minor', firstOf(unlicensed)));
  return risks;
}

function fromArchitecture({ report }: CollectedReport<'architecture'>): Risk[] {
  const risks: Risk[] = [];
  const named = (wanted: (one: (typeof report.external)[number]) => boolean): string[] =>
    report.external.filter(wanted).map(({ name, importedBy }) => `${name} (${firstOf(importedBy, 2)})`);
  const unresolved = named(({ kind }) => kind === 'unresolved');
  const undeclared = named(({ kind, declared }) => kind === 'package' && !declared);
  const worldly = unique(
    report.integrationPoints
      .filter(({ kind }) => kind === 'process' || kind === 'code')
      .map(({ file, detail }) => `${file} (${detail})`),
  );
  if (unresolved.length > 0) risks.push(risk('Imports lead nowhere.', 'major', firstOf(unresolved)));
  if (undeclared.length > 0)
    risks.push(
      risk('Packages are imported that package.json does not declare.', 'major', firstOf(undeclared)),
    );
  if (report.cycles.length > 0)
    risks.push(
      risk(
        'Files import each other in circles.',
        'minor',
        firstOf(
          report.cycles.map((cycle) => cycle.join(' -> ')),
          3,
        ),
      ),
    );
  if (worldly.length > 0)
    risks.push(risk('The code starts processes or evaluates code.', 'info', firstOf(worldly)));
  return risks;
}

function fromCode({ report }: CollectedReport<'code'>): Risk[] {
  const risks: Risk[] = [];
  const knotted = report.files
    .filter(({ maxComplexity }) => maxComplexity > riskLimits.complexity)
    .toSorted((a, b) => b.maxComplexity - a.maxComplexity || byCodeUnit(a.file, b.file));
  const critical = report.findings.filter(({ severity }) => severity === 'critical');
  if (critical.length > 0)
    risks.push(
      risk(
        'Tools call findings critical.',
        'major',
        firstOf(
          unique(
            critical.map(
              ({ tool, rule, file, line }) =>
                `${file ?? 'the subject'}${line === null ? '' : `:${line}`} (${tool} ${rule})`,
            ),
          ),
        ),
      ),
    );
  if (knotted.length > 0)
    risks.push(
      risk(
        'Functions are so branched that a change is hard to judge.',
        'minor',
        firstOf(knotted.map(({ file, maxComplexity }) => `${file} (complexity ${maxComplexity})`)),
      ),
    );
  return risks;
}

function fromValidation({ item, report }: CollectedReport<'validation'>): Risk[] {
  const { largestDeletion } = report.change;
  if (largestDeletion < riskLimits.deletion) return [];
  return [
    risk(
      'A candidate deletes many lines at once, which tests may not see.',
      'major',
      `${item}: ${largestDeletion} lines in one place.`,
    ),
  ];
}

const findingsSchema = z.array(z.looseObject({ severity: z.enum(severities) }));

/** Of reports that keep to no contract of ours: what they call severe, and that nothing else measured what they say. */
function fromPlainReports(inputs: readonly Collected[]): Risk[] {
  const reports = ofKind(inputs, 'custom');
  if (reports.length === 0) return [];
  const risks = reports.flatMap(({ item, report }) => {
    const { data: findings = [] } = findingsSchema.safeParse(report.outcome.findings);
    const times = (wanted: Risk['severity']): number =>
      findings.filter(({ severity }) => severity === wanted).length;
    const [critical, major] = [times('critical'), times('major')];
    if (critical + major === 0) return [];
    return [
      risk('A report calls findings severe.', 'major', `${item}: ${critical} critical, ${major} major.`),
    ];
  });
  const measured = measuring.some((kind) => ofKind(inputs, kind).length > 0);
  return measured
    ? risks
    : [
        ...risks,
        risk(
          'No tool of Heptad measured the subject: what the reports say rests on who made them.',
          'info',
          firstOf(workDone(reports), 20),
        ),
      ];
}

const measuring = ['architecture', 'code', 'infrastructure', 'validation'] as const;

/** What assurance shows of a change. */
function fromAssurance(inputs: readonly Collected[]): Risk[] {
  const { performance, endToEnd, deployment } = assuranceOf(inputs);
  const risks: Risk[] = [];
  if (performance) {
    const { security, rollback, measured, degradations, load, memory, size } = performance.report;
    if (security.highRisk > 0)
      risks.push(
        risk(
          'The change adds secrets or dangerous calls.',
          'critical',
          `${count(security.highRisk, 'place')}, in ${performance.item}.`,
        ),
      );
    if (!rollback.tested)
      risks.push(
        risk(
          'Going back to the captured subject is not tested.',
          'major',
          `${rollback.broken} tests broken, ${rollback.missing} missing.`,
        ),
      );
    if (degradations > 0 || !measured)
      risks.push(
        risk(
          'What the change costs is above its tolerance, or is not known.',
          'minor',
          `Load ${load}, memory ${memory}, size ${size.verdict}.`,
        ),
      );
  }
  if (endToEnd && !endToEnd.report.passed)
    risks.push(
      risk(
        'Who uses the package may break.',
        'critical',
        `Broken entry points, names and binaries: ${endToEnd.report.broken}.`,
      ),
    );
  if (deployment && deployment.report.introduced > 0)
    risks.push(
      risk(
        'The change keeps the package from being published as before.',
        'major',
        `${count(deployment.report.introduced, 'check')} met before and not now.`,
      ),
    );
  return risks;
}
