import type { Verdict } from '../../contracts/evidence.js';
import { layout } from '../layout.js';
import type { PhaseEvidence } from '../read-run.js';
import type { AttestedRun } from './attested-run.js';
import { digestSet, type Statement, statementOn, urn } from './statement.js';

/**
 * SLSA verification summary v1 (https://slsa.dev/spec/v1.0/verification_summary): that three verifiers judged every
 * phase up to this one, by the template, and what they found. Verdicts, waivers and the decision are extensions.
 */
export function verificationSummary(attested: AttestedRun): Statement<object> {
  const { run, accepted, manifest, evidence } = attested;
  const { template } = accepted.request;
  const verdicts = evidence.flatMap(verdictsOf);
  const waivers = evidence.flatMap(waiverOf);
  return statementOn(attested, 'https://slsa.dev/verification_summary/v1', {
    verifier: { id: urn.verifier },
    timeVerified: evidence.at(-1)?.record.timings.endedAt,
    resourceUri: urn.package(run),
    policy: { uri: urn.template(template.name, template.version), digest: digestSet(template.digest) },
    inputAttestations: verdicts.map(({ name, digest }) => ({ name, digest })),
    verificationResult: 'PASSED',
    verifiedLevels: [
      'SLSA_BUILD_LEVEL_1',
      waivers.length === 0 ? 'HEPTAD_THREE_PASSES' : 'HEPTAD_THREE_PASSES_WITH_WAIVERS',
    ],
    slsaVersion: '1.0',
    'urn:heptad:decision': manifest.decision,
    'urn:heptad:verdicts': verdicts,
    'urn:heptad:waivers': waivers,
  });
}

function verdictsOf({ phase, record, verdicts }: PhaseEvidence) {
  const path = phase === 'deliver' ? layout.sealed.verdict : layout.evidence.verdict;
  return record.verdicts.map(({ pass, passed, verdict: digest }, index) => ({
    name: path(phase, pass),
    digest: digestSet(digest),
    phase,
    round: record.round,
    pass,
    passed,
    ...foundBy(verdicts[index]),
  }));
}

/** Counts of a verdict; its checks are in its file. */
function foundBy(verdict: Verdict | undefined) {
  const checks = verdict?.checks ?? [];
  return {
    verifier: verdict?.verifier.id,
    checks: checks.length,
    failed: checks.filter(({ ok }) => !ok).map(({ check }) => check),
    faults: verdict?.faults ?? [],
  };
}

function waiverOf({ phase, waiver }: PhaseEvidence) {
  if (!waiver) return [];
  const { round, by, reason, at, verdicts } = waiver;
  return [{ phase, round, by, reason, at, verdicts: verdicts.map(digestSet) }];
}
