import { z } from 'zod';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { PhaseRecord, Seal } from '../contracts/evidence.js';
import type { PackageManifest } from '../contracts/phase.js';
import { envelopeSchema } from '../contracts/signature.js';
import type { Trust } from '../crypto/trust.js';
import { readAttestedRun } from '../packaging/attestations/attested-run.js';
import { checkEvidence } from '../packaging/attestations/check-evidence.js';
import { lockedPackages } from '../packaging/attestations/locked-packages.js';
import { provenance } from '../packaging/attestations/provenance.js';
import { testResult } from '../packaging/attestations/test-result.js';
import { verificationSummary } from '../packaging/attestations/verification-summary.js';
import { attestationsOf, layout } from '../packaging/layout.js';
import { payloadType } from '../protocol/payload-types.js';
import type { Findings } from './findings.js';
import type { PackageStore } from './package-store.js';
import { readDocument } from './read-document.js';
import { digestAt, type PackageFolder } from './read-folder.js';
import { saysTested } from './says-tested.js';

const subjectsSchema = z.looseObject({
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
});

interface Attested {
  readonly folder: PackageFolder;
  readonly store: PackageStore;
  readonly trust: Trust;
  readonly manifest: PackageManifest;
  /** Undefined where the package is not yet sealed: deliver's own record came after the package. */
  readonly seal: Seal | undefined;
  readonly records: readonly PhaseRecord[];
}

/**
 * The attestations are signed by the release key, are on every file, and say what the evidence says: each statement
 * is made again from the evidence, and must come out the same.
 */
export async function checkAttestations(
  { folder, store, trust, manifest, seal, records }: Attested,
  findings: Findings,
): Promise<void> {
  const statements = new Map<string, string>();
  const expected = new Set(attestationsOf(saysTested(folder)));
  for (const [name, path] of Object.entries(layout.attestations).filter(([, path]) => expected.has(path)))
    await findings.look(
      'package',
      `attestation-${dashed(name)}`,
      'Signed by the release key, on every file of the package.',
      (problems) => {
        const envelope = readDocument(folder, path, envelopeSchema);
        problems.push(
          ...trust.problemsOfEnvelope(envelope, { type: payloadType.statement, identity: 'release' }),
        );
        if (envelope.signatures.length !== 1) problems.push('It does not have exactly one signature.');
        const payload = Buffer.from(envelope.payload, 'base64');
        if (payload.toString('base64') !== envelope.payload)
          problems.push('Its payload is no canonical base64.');
        const text = payload.toString('utf8');
        const statement = subjectsSchema.parse(JSON.parse(text));
        if (canonicalJson(JSON.parse(text)) !== text) problems.push('Its statement is not canonical JSON.');
        problems.push(...subjectProblems(statement.subject, folder, manifest));
        statements.set(name, text);
      },
    );
  const record = seal?.records.deliver;
  const staged = records.find(({ phase }) => phase === 'deliver')?.output;
  if (!seal || !record) {
    findings.cannot(
      'package',
      'attested',
      'The record of deliver comes with the seal; without it the statements cannot be made again.',
    );
    return;
  }
  await findings.look(
    'package',
    'attested',
    'Each statement was made again from the evidence, with the same bytes, and the evidence holds.',
    async (problems) => {
      if (!staged) {
        problems.push('The record of deliver cannot be read, or has no output.');
        return;
      }
      const attested = await readAttestedRun(store, {
        run: seal.run,
        staged: store.refTo(staged),
        record: store.refTo(record.digest),
      });
      if (attested.staged.manifest.digest !== digestAt(folder, layout.manifest.json))
        problems.push('The record of deliver is for another manifest.');
      checkEvidence(attested, trust);
      const made = {
        provenance: provenance(attested, await lockedPackages(store, attested.assignment)),
        testResult: testResult(attested),
        verificationSummary: verificationSummary(attested),
      } satisfies Record<keyof typeof layout.attestations, object | undefined>;
      for (const [name, statement] of Object.entries(made))
        if ((statement && canonicalJson(statement)) !== statements.get(name))
          problems.push(`The statement ${dashed(name)} does not follow from the evidence.`);
    },
  );
}

function subjectProblems(
  subjects: readonly { name: string; digest: { sha256: string } }[],
  { files }: PackageFolder,
  manifest: PackageManifest,
): string[] {
  const expected = [...manifest.files.map(({ path }) => path), ...Object.values(layout.manifest)].sort();
  const named = subjects.map(({ name }) => name);
  if (named.join('\n') !== expected.join('\n'))
    return ['Its subjects are not the files of the package, each once and in order.'];
  return subjects
    .filter(({ name, digest }) => files.get(name)?.sha256 !== digest.sha256)
    .map(({ name }) => `${name} has another digest than the statement says.`);
}

/** `testResult` as people read it: `test-result`. */
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
