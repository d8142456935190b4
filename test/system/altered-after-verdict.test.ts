import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '../../libs/artifacts/snapshot/read-snapshot.js';
import { paths } from '../../libs/config/paths.js';
import type { VerdictRequest } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema, executionSchema, stagedPackageSchema } from '../../libs/contracts/phase.js';
import type { RunView } from '../../libs/contracts/run.js';
import type { SnapshotRef } from '../../libs/contracts/subject.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { LiveStack, sound } from '../support/live-stack.js';
import { serveVerifiers, type VerifierKeys, verifierKeys } from '../support/other-verifiers.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';
import { passing } from '../support/service-signers.js';
import { notAsked, unproven, type Verified, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
let keys: VerifierKeys;
let subject: string;
beforeAll(async () => {
  stack = await LiveStack.start();
  subject = await stack.subject('altered', sound);
  keys = await verifierKeys(stack);
  await stack.kill('verify');
});
afterAll(() => stack?.remove());

const filesIn = async (workspace: SnapshotRef): Promise<Digest[]> =>
  (await readSnapshot(stack.store, workspace)).entries.flatMap((entry) =>
    entry.kind === 'file' ? [entry.digest] : [],
  );

/** Which artifacts are altered when a phase was judged: by phase, from what was judged. */
const altered: Record<'execute' | 'deliver', (request: VerdictRequest) => Promise<Digest[]>> = {
  /** Every file that a candidate changed. */
  execute: async ({ input, output }) => {
    const { accepted } = input;
    if (!accepted) throw new Error('Execute has no accepted request.');
    const { captured } = await stack.store.getJson(accepted.digest, acceptedRequestSchema);
    const before = new Set(await filesIn(captured.snapshot));
    const { results } = await stack.store.getJson(output.digest, executionSchema);
    const candidates = await Promise.all(
      results.flatMap(({ workspace }) => (workspace ? [filesIn(workspace)] : [])),
    );
    return candidates.flat().filter((digest) => !before.has(digest));
  },
  /** The files that a person would apply. */
  deliver: async ({ output }) => {
    const { files } = await stack.store.getJson(output.digest, stagedPackageSchema);
    return files.flatMap(({ name, digest }) => (name.startsWith('artifacts/files/') ? [digest] : []));
  },
};

/**
 * Puts other bytes, as many, in the place of an artifact, as only who may write to the store can.
 *
 * @returns puts back what was there
 */
async function overwrite(digest: Digest): Promise<() => Promise<void>> {
  const name = digest.slice('sha256:'.length);
  const [path] = (await readdir(paths(stack.config).artifacts, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name === name)
    .map((entry) => join(entry.parentPath, entry.name));
  if (path === undefined) throw new Error(`The store has no ${digest}.`);
  const before = await readFile(path);
  await writeFile(path, 'x'.repeat(before.length));
  return () => writeFile(path, before);
}

describe.each(['execute', 'deliver'] as const)('what is altered when the verdicts on %s are in', (phase) => {
  let view: RunView;
  let run: SealedRun;
  let verified: Verified;
  /** Put back what was altered. */
  const mends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    let judged = 0;
    const stop = await serveVerifiers(stack, keys, {
      // They accept all of it, so nothing but the digests stands against what is altered.
      judge: async (request) => {
        const verdict = await passing(stack.store, keys)(request);
        if (request.phase !== phase) return verdict;
        judged += 1;
        if (judged === 3) {
          const digests = new Set(await altered[phase](request));
          for (const digest of digests) mends.push(await overwrite(digest));
        }
        return verdict;
      },
    });
    view = await stack.untilSealed(await stack.review(subject)).finally(stop);
    run = await sealedRun(stack, view.id);
    verified = await verifyPackage(stack.config.configFolder, run.seal.folder);
    for (const mend of mends) await mend();
  });

  test('ends the run with what is wrong', () => {
    expect(mends.length).toBeGreaterThan(0);
    expect(view).toMatchObject({ state: 'failed', failure: { code: 'ArtifactCorrupt' } });
  });

  test('is not delivered, and nothing else is', async () => {
    expect(view.package).toBe(null);
    expect((await readdir(run.seal.folder)).toSorted()).toEqual(['histories', 'seal']);
    for (const file of await readdir(run.seal.folder, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toMatch(/^x*$/);
  });

  test('leaves evidence that is proven, and that says that nothing was delivered', () => {
    expect(unproven(verified.report)).toEqual({ delivered: 'failed', ...notAsked });
    expect(verified.code).toBe(1);
  });
});
