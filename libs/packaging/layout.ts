import type { Pass } from '../contracts/evidence.js';
import { type PhaseName, phaseNumber } from '../protocol/phases.js';

/** Where the files of a package are. docs/reference/package.md says what each is. */
export const layout = {
  readme: 'README.md',
  report: 'report.html',
  continuity: 'CONTINUITY.md',
  /** The three that list all others that were staged; no manifest can list itself. */
  manifest: {
    json: 'manifest/manifest.json',
    binary: 'manifest/manifest.bin',
    schema: 'manifest/manifest.capnp',
  },
  attestations: {
    provenance: 'attestations/provenance.json',
    verificationSummary: 'attestations/verification-summary.json',
    testResult: 'attestations/test-result.json',
  },
  evidence: {
    record: (phase: PhaseName): string => `evidence/records/${numbered(phase)}.json`,
    verdict: (phase: PhaseName, pass: Pass): string => `evidence/verdicts/${numbered(phase)}-${pass}.json`,
    attempts: (phase: PhaseName): string => `evidence/attempts/${numbered(phase)}.json`,
    waiver: (phase: PhaseName): string => `evidence/waivers/${numbered(phase)}.json`,
    /** Comes with the attestations: which release key signs is not known before. */
    keys: 'evidence/keys.json',
  },
  artifacts: {
    patch: 'artifacts/changes.patch',
    lock: 'artifacts/package-lock.json',
    template: 'artifacts/template.json',
    agents: 'artifacts/agents/',
    agent: (id: string): string => `artifacts/agents/${id}.json`,
    file: (path: string): string => `artifacts/files/${path}`,
  },
  reports: {
    phase: (phase: PhaseName): string => `reports/${phase}.json`,
    /** What the run was given of an earlier one; only where it goes on from one. */
    resumption: 'reports/resumption.json',
    /** What deliver staged, on which its verdicts are: it names the manifest, so it comes after it. */
    staged: 'reports/deliver.json',
    /** The criteria, evaluated again on what is delivered. */
    criteria: 'reports/criteria.json',
    synthesis: 'reports/coordinate.md',
    merge: 'reports/merge.json',
    /** The validation of Model D, where it is none of the candidates. */
    mergeValidation: 'reports/merge-validation.json',
    item: (item: string): string => `reports/items/${item}.json`,
    itemText: (item: string): string => `reports/items/${item}.md`,
  },
  /** Written with the delivery, after the manifest. */
  receipt: 'delivery.json',
  /** Folders that come when the run is sealed. */
  histories: 'histories',
  seal: 'seal',
  /** Where the seal has what came after the manifest. */
  sealed: {
    record: (phase: PhaseName): string => `seal/records/${numbered(phase)}.json`,
    verdict: (phase: PhaseName, pass: Pass): string => `seal/verdicts/${numbered(phase)}-${pass}.json`,
  },
} as const;

/** Whether a file came with the seal of a run. */
export const isOfSeal = (path: string): boolean =>
  path.startsWith(`${layout.seal}/`) || path.startsWith(`${layout.histories}/`);

/**
 * The files that a delivered package may have and its manifest does not list, apart from the folders of the seal. All of
 * them are there but the test result, which is not where no tests were run.
 */
export const filesAfterManifest: readonly string[] = [
  ...Object.values(layout.manifest),
  ...Object.values(layout.attestations),
  layout.evidence.keys,
  layout.reports.staged,
  layout.receipt,
];

/**
 * The attestations of a package.
 *
 * @param tested whether tests were run on what is delivered
 */
export const attestationsOf = (tested: boolean): string[] =>
  Object.values(layout.attestations).filter((path) => tested || path !== layout.attestations.testResult);

const numbered = (phase: PhaseName): string => `${phaseNumber(phase)}-${phase}`;
