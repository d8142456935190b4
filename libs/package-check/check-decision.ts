import { z } from 'zod';
import type { PhaseRecord } from '../contracts/evidence.js';
import {
  acceptedRequestSchema,
  executionSchema,
  type PackageManifest,
  stagedPackageSchema,
} from '../contracts/phase.js';
import { type MergeReport, mergeReportSchema } from '../contracts/reports/merge.js';
import { decisions, judgementSchema } from '../contracts/reports/synthesis.js';
import type { Trust } from '../crypto/trust.js';
import { layout } from '../packaging/layout.js';
import { decisionOf, isBelow } from '../synthesis/decision.js';
import { hasCandidates } from '../synthesis/handed-on.js';
import { CheckList } from '../verification/check-list.js';
import { endingProblems } from '../verification/self-check/delivered-uncontested.js';
import { checkJudgement } from '../verification/self-check/judgement.js';
import type { Findings } from './findings.js';
import type { PackageStore } from './package-store.js';
import { digestAt, type PackageFolder } from './read-folder.js';

interface Decided {
  readonly folder: PackageFolder;
  readonly store: PackageStore;
  readonly trust: Trust;
  readonly manifest: PackageManifest;
  readonly records: readonly PhaseRecord[];
}

/** The decision is made again: standings from measurements, fitness by its formula, criteria, decision, best. */
export async function checkDecision(
  { store, trust, manifest, records }: Decided,
  findings: Findings,
): Promise<void> {
  const judged = records.find(({ phase }) => phase === 'verify');
  const output = judged?.output;
  if (!judged || !output) {
    findings.add('package', 'decision', '', ['There is no record of the phase verify with an output.']);
    return;
  }
  await findings.look(
    'package',
    'decision',
    `${manifest.decision} follows from criteria, verdicts and what was measured.`,
    async (problems) => {
      const judgement = await store.getJson(output, judgementSchema);
      if (judgement.decision !== manifest.decision)
        problems.push(`The manifest says ${manifest.decision}, the phase verify ${judgement.decision}.`);
      const checks = new CheckList();
      const input = Object.fromEntries(
        Object.entries(judged.input).map(([name, digest]) => [name, store.refTo(digest)]),
      );
      await checkJudgement(
        {
          run: judged.run,
          phase: 'verify',
          round: judged.round,
          pass: 'A',
          input,
          output: store.refTo(output),
          store,
          trust: async () => trust,
          verified: new Set(),
        },
        checks,
        judgement,
      );
      for (const { check, ok, says } of checks.checks) if (!ok) problems.push(`${check}: ${says}`);
    },
  );
}

/**
 * What is delivered was judged again, and each file of it is the version that the merge says; where nothing competed, it
 * is what the work ended with.
 */
export async function checkDelivered(
  { folder, store, manifest, records }: Decided,
  findings: Findings,
): Promise<void> {
  const output = records.find(({ phase }) => phase === 'deliver')?.output;
  if (!output) {
    findings.cannot('package', 'delivered', 'The record of deliver comes with the seal.');
    return;
  }
  await findings.look(
    'package',
    'delivered',
    'The criteria were evaluated again on what is delivered, and the decision follows.',
    async (problems) => {
      const staged = await store.getJson(output, stagedPackageSchema);
      const judgement = await store.getJson(staged.judgement.digest, judgementSchema);
      if (decisionOf(judgement) !== judgement.decision)
        problems.push('Its decision does not follow from its criteria.');
      const said = z.enum(decisions).parse(manifest.decision);
      if (isBelow(judgement.decision, said))
        problems.push(`It is ${judgement.decision}, below ${manifest.decision}.`);
      if (staged.candidate !== manifest.candidate)
        problems.push(`The manifest names candidate ${manifest.candidate}.`);
      const listed = staged.files.map(({ name, digest }) => `${name} ${digest}`).join('\n');
      const here = manifest.files.map(({ path, sha256 }) => `${path} sha256:${sha256}`).join('\n');
      if (listed !== here) problems.push('What was judged is not what the manifest lists.');
      const { accepted, executed } = records.find(({ phase }) => phase === 'deliver')?.input ?? {};
      if (!accepted || !executed) {
        problems.push('The record of deliver does not name the work that it is about.');
        return;
      }
      const execution = await store.getJson(executed, executionSchema);
      if (!hasCandidates(execution)) {
        const { captured } = await store.getJson(accepted, acceptedRequestSchema);
        problems.push(...endingProblems(staged, execution, captured.snapshot));
      } else if (!staged.merge) problems.push('There are candidates, but no merge of them.');
      else if (staged.insteadOfMerge === null)
        problems.push(
          ...lineageProblems(folder, await store.getJson(staged.merge.digest, mergeReportSchema)),
        );
    },
  );
}

/** Files that the merge took whole from somebody are there as the parts say. */
function lineageProblems(folder: PackageFolder, { parts, result }: MergeReport): string[] {
  const lineage = new Map(result.lineage.map((one) => [one.part, one]));
  const hunks = new Set(parts.filter(({ kind }) => kind !== 'file').map(({ path }) => path));
  return parts.flatMap(({ id, path, kind, variants }) => {
    const taken = lineage.get(id);
    if (!taken) return [`The lineage does not say from whom ${id} is.`];
    if (kind !== 'file' || hunks.has(path)) return [];
    // Parents may be merged in more than one way.
    const theirs = variants.filter(({ from }) => from.join() === taken.from.join());
    const is = digestAt(folder, layout.artifacts.file(path));
    const same = theirs.some(
      ({ digest, from }) => is === (from.includes('base') ? undefined : (digest ?? undefined)),
    );
    return same ? [] : [`${path} is not the version of ${taken.from.join(', ')}.`];
  });
}
