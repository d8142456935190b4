import type { PackageManifest } from '../contracts/phase.js';

/** `README.md` of a package: what each file in it is. */
export function packageReadme({
  run,
  subject,
  decision,
  candidate,
}: Pick<PackageManifest, 'run' | 'subject' | 'decision' | 'candidate'>): string {
  const named = subject.replace(/[^\w@./:+-]/g, '_');
  return `# ${named}

Decision: ${decision}, candidate ${candidate}. Run ${run}.

| file | what it is |
|---|---|
| report.html | the whole result on one page, for people; open it in a browser |
| CONTINUITY.md | where the work stands, and what to look at next |
| changes.patch | the change, in the form of git: \`git apply changes.patch\` in the subject's folder |
| reports/PHASE.json | what each phase handed on; coordinate.md is the synthesis of the whole run as text |
| reports/items/ITEM.json | what each item of the work found or did; consolidation.md is that of the analysis as text |
| records/N-PHASE.json | the record of each phase: digests in and out, agents, attempts, verdicts |
| verdicts/N-PHASE-PASS.json | what each verifier checked, and what it found |
| lock/package-lock.json | the lock file from which dependencies and test tools were installed, where there were any |
| manifest.json | size and SHA-256 of every file above |
| delivery.json | the receipt: under which record, and with which manifest, this folder was delivered; not in the manifest |
| seal/ | added when the run has closed: the complete histories, the last records, the workflow code; not in the manifest |

Where \`seal\` is not there, the run is not yet sealed.
`;
}
