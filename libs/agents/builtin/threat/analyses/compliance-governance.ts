import { posix } from 'node:path';
import type { ComplianceGovernance } from '../../../../contracts/reports/threat.js';
import type { Control, Description } from '../description/description.js';
import { conclude, Findings, rounded } from './conclude.js';
import { type Broken, breaksControl } from './control-checks.js';

type Judged = ComplianceGovernance['controls'][number];

/** Which controls are met, whether their evidence is there, and what the description shows of them itself. */
export function analyseCompliance(description: Description): ComplianceGovernance {
  const { compliance } = description;
  const findings = new Findings('compliance-governance');
  const unread = findings.addUnread(description, 'compliance');
  if (compliance === null)
    findings.add('no-controls', 'major', null, 'The description says nothing about controls.');
  const names = new Set(description.services.map(({ name }) => name));
  const controls = (compliance?.controls ?? []).map((control): Judged => {
    for (const service of control.appliesTo ?? [])
      if (!names.has(service))
        findings.add(
          'control-of-unknown',
          'minor',
          control.place,
          `${control.id} applies to ${service}, which is no service.`,
        );
    const evidence = evidenceOf(description, control);
    const broken = control.check === null ? [] : breaksControl(control.check, description, control.appliesTo);
    const check = control.check === null ? 'none' : broken.length === 0 ? 'holds' : 'fails';
    checkControl(control, evidence, broken, findings);
    return {
      id: control.id,
      title: control.title,
      stated: control.status,
      evidence,
      check,
      met: control.status === 'met' && evidence === 'found' && check !== 'fails',
    };
  });
  const applicable = controls.filter(({ stated }) => stated !== 'not-applicable');
  const seen = applicable.filter(({ evidence, check }) => evidence === 'found' || check !== 'none').length;
  const met = applicable.filter((control) => control.met).length;
  return {
    kind: 'compliance-governance',
    ...conclude(findings.all, { checked: seen, unchecked: applicable.length - seen + unread }),
    framework: compliance?.framework ?? null,
    controls,
    metShare: applicable.length === 0 ? 0 : rounded(met / applicable.length, 4),
  };
}

function checkControl(
  { id, title, status, severity, evidence: named, place }: Control,
  evidence: Judged['evidence'],
  broken: readonly Broken[],
  findings: Findings,
): void {
  if (status === 'not-applicable') return;
  if (status === 'unmet') findings.add('control-unmet', severity, place, `${id} is not met: ${title}.`);
  if (status === 'partial')
    findings.add(
      'control-partial',
      severity === 'critical' ? 'major' : 'minor',
      place,
      `${id} is met in part: ${title}.`,
    );
  if (status !== 'met') return;
  if (evidence === 'none')
    findings.add('no-evidence', 'minor', place, `${id} is said to be met, without evidence.`);
  if (evidence === 'missing')
    findings.add('evidence-missing', 'major', place, `The evidence of ${id} is not there: ${named}.`);
  if (evidence === 'empty')
    findings.add('evidence-empty', 'major', place, `The evidence of ${id} says nothing: ${named}.`);
  const [first] = broken;
  if (first !== undefined)
    findings.add(
      'control-contradicted',
      severity,
      place,
      `${id} is said to be met, but ${first.says} (${first.place.file}:${first.place.line})${broken.length > 1 ? `, and ${broken.length - 1} more` : ''}.`,
    );
}

/** Whether what a control names is in the subject, and says something. */
function evidenceOf({ files, documents }: Description, { evidence }: Control): Judged['evidence'] {
  if (evidence === null) return 'none';
  const [path = '', anchor] = evidence.split('#');
  const file = posix.normalize(path);
  if (!files.has(file)) return 'missing';
  const document = documents.find((one) => one.file === file);
  if (document === undefined) return anchor === undefined ? 'found' : 'missing';
  const section = anchor === undefined ? undefined : document.sections.find((one) => one.anchor === anchor);
  if (anchor !== undefined && section === undefined) return 'missing';
  const text = (section?.text ?? document.text).replace(/\b(?:TODO|TBD|FIXME)\b:?/gi, '').trim();
  return text.length < 20 ? 'empty' : 'found';
}
