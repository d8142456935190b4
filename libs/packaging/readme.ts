import { deliveredName } from './delivered-name.js';
import type { ReportData } from './report/report-data.js';

/** `README.md` of a package: what each file in it is, and how to check it. */
export function packageReadme({
  run,
  accepted,
  judgement,
  delivered,
  merge,
  resumption,
}: ReportData): string {
  const tested =
    delivered.validation === null
      ? ''
      : '\n| attestations/test-result.json | the tests of the subject on what is delivered (in-toto test result) |';
  const merged =
    merge === null
      ? ''
      : '\n| reports/merge.json | how Model D came to be: parts, every evaluated combination, lineage |';
  const resumed =
    resumption === null
      ? ''
      : `\n| reports/resumption.json | what it was given of the run ${resumption.run}, from which it goes on (${resumption.how}): results that were taken over, what that run found and left |`;
  const named = accepted.captured.title.replace(/[^\w@./:+-]/g, '_');
  return `# ${named}

Decision: ${judgement.decision}. Delivered: ${deliveredName(delivered)}. Run ${run}.

Begin with \`report.html\`: it is the whole result on one page, for people. It needs no server.

## How to check it

\`heptad verify PATH\`, PATH being this folder. It needs no network, no server and no source, and says of each property
whether it is proven, failed, or cannot be checked. Whose keys count is for you to say, with \`--key\` or by the keys
that your machine has pinned; \`evidence/keys.json\` is there to read, and is trusted for nothing. With
\`--expect-run ${run}\` it also checks that this is the package of that run, and not an older one.

Without \`heptad\`: the digests of \`manifest/manifest.json\` are those of \`sha256sum\` and \`fsverity digest\`; the files
of \`attestations/\` are DSSE envelopes with in-toto Statements, which tools such as cosign read, signed with Ed25519.

## What is in it

| file | what it is |
|---|---|
| report.html | the whole result on one page |
| CONTINUITY.md | where the work stands, and what to look at next |
| manifest/manifest.json | size, SHA-256 and fs-verity digest of every file that was staged; of manifest/ itself none |
| manifest/manifest.bin, manifest.capnp | the same in Cap'n Proto, and the schema of it |
| attestations/provenance.json | from what, by whom and how it was made (SLSA provenance) |
| attestations/verification-summary.json | what the verifiers found (SLSA verification summary) |${tested}
| evidence/records/N-PHASE.json | the record of each phase before delivery: digests in and out, agents, attempts, verdicts; each names the one before |
| evidence/verdicts/N-PHASE-PASS.json | what each verifier checked, and what it found |
| evidence/attempts/N-PHASE.json | every attempt of each activity, and the steps that long ones proved |
| evidence/waivers/N-PHASE.json | a person's decision to go on although a verifier rejected a phase; only where there is one |
| evidence/keys.json | the public keys that the signatures in this folder name |
| artifacts/changes.patch | the change, in the form of git: \`git apply changes.patch\` in the subject's folder |
| artifacts/files/ | each file that the change adds or changes, whole, at its path; what it removes, and links, are in the patch |
| artifacts/package-lock.json | the lock file from which dependencies and test tools were installed, where there were any |
| artifacts/template.json | the template of the run |
| artifacts/agents/ID.json | the manifest of each agent that worked |
| reports/PHASE.json | what each phase handed on |${resumed}
| reports/criteria.json | the criteria of the decision, evaluated again on what is delivered |
| reports/coordinate.md | the synthesis of the whole run as text |${merged}
| reports/items/ITEM.json | what each item of the work found or did; a consolidation also as text |
| delivery.json | the receipt: under which record, with which manifest and attestations this folder was delivered |
| histories/ | added when the run was sealed: what happened, event by event, of the run and each phase |
| seal/ | added last: the evidence of all seven phases, the workflow code that replays the histories, and the signed seal |

Where \`seal/\` is not there, the run is not yet sealed.
`;
}
