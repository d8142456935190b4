import { describe, expect, test } from 'vitest';
import { packageManifestSchema, type StagedPackage } from '../../../../libs/contracts/phase.js';
import { assemblePackage } from '../../../../libs/packaging/assemble.js';
import { makeManifest } from '../../../../libs/packaging/manifest/make-manifest.js';
import { failuresOf, judgedPhase } from '../../../support/judged-phase.js';
import { recordOf, smallDelivery } from '../../../support/small-delivery.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

type Options = Parameters<typeof smallDelivery>[1];

async function delivered(options?: Options) {
  const small = await smallRun();
  const { input, merged } = await smallDelivery(small, options);
  const staged = await assemblePackage(small.store, { run: small.run, input, merged });
  return { small, input, staged };
}

/** The failed checks of pass A on a changed package. */
async function failing(
  change: (staged: StagedPackage, small: SmallRun) => Promise<unknown> | unknown,
  options?: Options,
) {
  const { small, input, staged } = await delivered(options);
  return await failuresOf(await judgedPhase(small, 'deliver', await change(staged, small), input));
}

/** Puts another list of files in the place of the package's, in both manifests, too. */
async function withFiles(
  staged: StagedPackage,
  { store }: SmallRun,
  change: (files: StagedPackage['files']) => StagedPackage['files'],
): Promise<StagedPackage> {
  const files = change(staged.files);
  const packaged = await store.getJson(staged.manifest.digest, packageManifestSchema);
  const { json, bin } = await makeManifest(store, packaged, files);
  return { ...staged, files, manifest: json, manifestBinary: bin };
}

const logo = 'artifacts/files/logo.bin';

describe('accepted is', () => {
  test('a package of Model D, with files that are not text', async () => {
    const { staged } = await delivered();
    expect(staged.files.map(({ name }) => name)).toContain(logo);
    expect(await failing((same) => same)).toEqual({});
  });

  test('a package of a candidate, where nothing better was found', async () => {
    expect(await failing((same) => same, { changed: null })).toEqual({});
  });

  test('a package of the best candidate, where Model D falls below it', async () => {
    const options = { validation: { broken: ['loads'] } };
    const { staged } = await delivered(options);
    expect(staged.insteadOfMerge).not.toBeNull();
    expect(await failing((same) => same, options)).toEqual({});
  });
});

describe('rejected is', () => {
  test('a file that is not text, with other bytes than are delivered', async () => {
    const failures = await failing(async (staged, small) => {
      const { digest, size } = await small.store.put(Buffer.from([0, 9, 9, 9]), 'application/octet-stream');
      return await withFiles(staged, small, (files) =>
        files.map((file) => (file.name === logo ? { ...file, digest, size } : file)),
      );
    });
    expect(failures).toEqual({
      'changed-files-there': 'logo.bin is staged with other bytes than it is delivered.',
    });
  });

  test('a changed file that is left out, and one that nobody changed', async () => {
    const left = await failing((staged, small) =>
      withFiles(staged, small, (files) => files.filter(({ name }) => name !== logo)),
    );
    expect(left['changed-files-there']).toBe('logo.bin is not staged as it is delivered.');
    const added = await failing((staged, small) =>
      withFiles(staged, small, (files) => [
        ...files,
        ...files.slice(0, 1).map((file) => ({ ...file, name: 'artifacts/files/zz.js' })),
      ]),
    );
    expect(added['changed-files-there']).toContain('artifacts/files/zz.js is staged, but was not changed');
  });

  test('an fs-verity digest that is not that of the file', async () => {
    const failures = await failing(async (staged, { store }) => {
      const manifest = await store.getJson(staged.manifest.digest, packageManifestSchema);
      const files = manifest.files.map((file, index) =>
        index === 0 ? { ...file, fsverity: 'a'.repeat(64) } : file,
      );
      return { ...staged, manifest: await store.putJson({ ...manifest, files }) };
    });
    expect(failures['fs-verity']).toContain('not aaaa');
    expect(failures['binary-manifest']).toBe('The two manifests do not say the same.');
  });

  test('Model D where the criteria on it are worse than the decision', async () => {
    const failures = await failing(async (staged, { store, judgement }) => {
      const { standings, ...rest } = judgement;
      const worse = {
        ...rest,
        decision: 'CONDITIONAL_PROCEED',
        warnings: ['One.', 'Two.', 'Three.'],
        standings: standings.map((one) => ({ ...one, candidate: 'D', workspace: staged.workspace.digest })),
      };
      return { ...staged, judgement: await store.putJson(worse) };
    });
    expect(failures['criteria-again']).toContain(
      "The decision on what is delivered is CONDITIONAL_PROCEED; the run's is PROCEED.",
    );
  });

  test('the best candidate in the place of Model D without a word why', async () => {
    const failures = await failing((staged) => ({ ...staged, insteadOfMerge: ' ' }), {
      validation: { broken: ['loads'] },
    });
    expect(failures['delivered-follows']).toBe('It is not said why.');
  });

  test('a merge that is worse than a parent', async () => {
    const { small, input, staged } = await delivered();
    if (!staged.merge) throw new Error('There is no merge.');
    const merge = JSON.parse((await small.store.get(staged.merge.digest)).toString('utf8'));
    merge.result.fitness -= 0.1;
    const judged = await judgedPhase(
      small,
      'deliver',
      { ...staged, merge: await small.store.putJson(merge) },
      input,
    );
    expect((await failuresOf(judged))['merge-no-worse']).toContain('a parent has');
  });

  test('a package with the record of another phase, or one that is not signed by the producer', async () => {
    const { small, input, staged } = await delivered();
    const swapped = { ...input, 'record-assign': input['record-ingest'] ?? small.refs.request };
    const failures = await failuresOf(await judgedPhase(small, 'deliver', staged, swapped));
    expect(failures['records-signed']).toContain('The record of assign is that of ingest.');
    const signers = { ...small.signers, producer: small.signers['verifier.c'] };
    const forged = await recordOf(
      { ...small, signers },
      { phase: 'ingest', input: {}, output: small.refs.accepted.digest, previous: null },
    );
    const byVerifier = await judgedPhase(small, 'deliver', staged, { ...input, 'record-ingest': forged });
    expect((await failuresOf(byVerifier))['records-signed']).toContain(
      'It is signed by verifier.c, not by producer.',
    );
  });
});
