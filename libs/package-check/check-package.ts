import { canonicalJson } from '../artifacts/canonical-json.js';
import { type PhaseRecord, phaseRecordSchema, type Seal } from '../contracts/evidence.js';
import type { PackageReport } from '../contracts/package-check.js';
import type { PackageManifest } from '../contracts/phase.js';
import { type KeyList, keyListSchema, type PinnedKey } from '../contracts/signature.js';
import { readNamedDocuments } from '../evidence/read-named-documents.js';
import { readRecords } from '../evidence/sealing-problems.js';
import { layout } from '../packaging/layout.js';
import { phaseNames } from '../protocol/phases.js';
import { checkAttestations } from './check-attestations.js';
import { checkDecision, checkDelivered } from './check-decision.js';
import { checkEvidenceOf } from './check-evidence.js';
import { checkManifest } from './check-manifest.js';
import { checkSeal, readSeal } from './check-seal.js';
import { type ChosenTrust, chooseTrust, type Pinned } from './choose-trust.js';
import { closingSentence } from './closing-sentence.js';
import { Findings } from './findings.js';
import { PackageStore } from './package-store.js';
import { documentIn } from './read-document.js';
import { type PackageFolder, readFolder } from './read-folder.js';
import type { Replay } from './replay/replay-histories.js';

export interface CheckOptions extends Pinned {
  /** The run that it must be of. */
  readonly expectRun?: string | undefined;
  /** The subject that it must be of, as its title has it, such as `npm:ejs@1.0.0`. */
  readonly expectSubject?: string | undefined;
  /** Whether a package whose origin is unknown is good enough. */
  readonly allowUnknownKey?: boolean | undefined;
  /** Replays histories and says why they do not; left out where replay is not wanted. */
  readonly replay?: ((replay: Replay) => Promise<string[]>) | undefined;
}

/**
 * Checks a package in a folder, offline: nothing is believed but the pinned keys, and nothing is executed but the
 * workflow code of a package whose seal a pinned key signed.
 *
 * @throws HeptadError `InputInvalid` there is no such folder
 */
export async function checkPackage(path: string, options: CheckOptions): Promise<PackageReport> {
  return await checkFolder(await readFolder(path), options);
}

/** The same for a folder that has been read. */
export async function checkFolder(folder: PackageFolder, options: CheckOptions): Promise<PackageReport> {
  const findings = new Findings();
  const store = new PackageStore(folder);
  const seal = await readSeal(folder, findings);
  const own = ownKeys(folder, seal);
  const chosen = chooseTrust(options, own);
  const { trust } = chosen;
  const undelivered = seal?.packageManifest === null && !folder.files.has(layout.manifest.json);
  const manifest = undelivered ? undefined : await checkManifest(folder, findings);
  if (undelivered)
    findings.add('package', 'delivered', '', [
      `Nothing was delivered: the run ended as ${seal.status}${seal.failure ? ` with ${seal.failure.code}` : ''}.`,
    ]);
  findings.add(
    'package',
    'canonical',
    'Every document of ours is written as its canonical JSON.',
    spellingProblems(folder),
  );
  const records = seal ? await readRecords(store, seal) : readPackagedRecords(folder);
  if (manifest) {
    await checkAttestations({ folder, store, trust, manifest, seal, records }, findings);
    if (!seal) await checkEvidenceOf(store, trust, { records, cutOff: new Set() }, 'package', findings);
    const decided = { folder, store, trust, manifest, records };
    await checkDecision(decided, findings);
    await checkDelivered(decided, findings);
  }
  if (seal) {
    await checkSeal({ folder, store, trust, seal, manifest, records }, findings);
    await checkReplay(store, seal, chosen, options, findings);
  }
  findings.add(
    'identity',
    'separation',
    'No key is pinned, or named in it, for two identities.',
    sharedKeys([...own.keys, ...options.pinned]),
  );
  checkIdentity({ chosen, seal, manifest }, options, findings);
  const waivers = await waiversOf(store, records);
  const proven = findings.checks.every(
    ({ state, check }) => state === 'proven' || unneeded(check, options, chosen),
  );
  const report: Omit<PackageReport, 'says'> = {
    version: 1,
    path: folder.path,
    run: seal?.run ?? manifest?.run ?? null,
    subject: seal?.subject ?? manifest?.subject ?? null,
    decision: manifest?.decision ?? seal?.decision ?? null,
    sealed: seal !== undefined,
    origin: chosen.origin,
    keys: own.keys.map(({ keyid, identity }) => ({
      keyid,
      identity,
      pinned: chosen.origin === 'trusted' && trust.find(keyid)?.identity === identity,
    })),
    checks: findings.checks,
    waivers,
    files: {
      count: folder.files.size,
      bytes: [...folder.files.values()].reduce((sum, { size }) => sum + size, 0),
    },
    proven,
  };
  return { ...report, says: closingSentence(report) };
}

/** Checks that may be undecided in a package that is good enough for who asks. */
function unneeded(check: string, options: CheckOptions, { origin }: ChosenTrust): boolean {
  switch (check) {
    // Whose package was expected is for the asker to say.
    case 'expected-run':
      return options.expectRun === undefined;
    case 'expected-subject':
      return options.expectSubject === undefined;
    case 'origin':
      return options.allowUnknownKey === true;
    case 'replay':
      return options.replay === undefined || (origin === 'unknown' && options.allowUnknownKey === true);
    default:
      return false;
  }
}

/** Documents that are not ours: of the subject, and npm's lock. */
const foreign = (path: string): boolean =>
  path === layout.artifacts.lock || path.startsWith(layout.artifacts.file(''));

/** One document has one spelling, so that nothing can hide in another one. */
function spellingProblems({ files }: PackageFolder): string[] {
  return [...files.values()].flatMap(({ path, bytes }) => {
    if (!path.endsWith('.json') || foreign(path)) return [];
    try {
      if (bytes?.equals(Buffer.from(canonicalJson(JSON.parse(bytes.toString('utf8')))))) return [];
    } catch {
      // What is no JSON is not canonical either.
    }
    return [`${path} is not written as its canonical JSON.`];
  });
}

/** Who holds two keys could judge their own work. */
function sharedKeys(keys: readonly PinnedKey[]): string[] {
  const owners = new Map<string, Set<string>>();
  for (const { keyid, identity } of keys) owners.set(keyid, (owners.get(keyid) ?? new Set()).add(identity));
  return [...owners]
    .filter(([, identities]) => identities.size > 1)
    .map(([keyid, identities]) => `${keyid} is one key of ${[...identities].join(' and of ')}.`);
}

/** The keys that the package itself names; a list that cannot be read names none. */
const ownKeys = (folder: PackageFolder, seal: Seal | undefined): KeyList =>
  documentIn(folder, seal ? `${layout.seal}/keys.json` : layout.evidence.keys, keyListSchema) ?? {
    version: 1,
    keys: [],
  };

/** The records that came with the package, before it was sealed. */
const readPackagedRecords = (folder: PackageFolder): PhaseRecord[] =>
  phaseNames.flatMap((phase) => documentIn(folder, layout.evidence.record(phase), phaseRecordSchema) ?? []);

async function checkReplay(
  store: PackageStore,
  seal: Seal,
  { origin }: ChosenTrust,
  { replay }: CheckOptions,
  findings: Findings,
): Promise<void> {
  const proven =
    origin === 'trusted' && ['sealed', 'seal-signed', 'seal-files'].every((one) => findings.proves(one));
  if (!replay) return findings.cannot('seal', 'replay', 'It was not asked for.');
  if (!proven)
    return findings.cannot(
      'seal',
      'replay',
      'The workflow code in it is executed only where a pinned key signed the seal that names it.',
    );
  await findings.look(
    'seal',
    'replay',
    `${seal.histories.length} histories replay with the recorded workflow code.`,
    async (problems) => {
      const bundle = await store.get(seal.bundle.digest);
      const histories = await Promise.all(
        seal.histories.map(async ({ workflowId, history }) => ({
          workflowId,
          bytes: await store.get(history.digest),
        })),
      );
      problems.push(...(await replay({ bundle, histories })));
    },
  );
}

function checkIdentity(
  {
    chosen,
    seal,
    manifest,
  }: { chosen: ChosenTrust; seal: Seal | undefined; manifest: PackageManifest | undefined },
  { expectRun, expectSubject }: CheckOptions,
  findings: Findings,
): void {
  if (chosen.origin === 'trusted') findings.add('identity', 'origin', 'Its keys are pinned here.', []);
  else
    findings.cannot(
      'identity',
      'origin',
      'None of its keys is pinned here: whoever made it, it is whole, and more cannot be said.',
    );
  expected('run', expectRun, [seal?.run, manifest?.run], findings);
  expected('subject', expectSubject, [seal?.subject, manifest?.subject], findings);
}

function expected(
  what: 'run' | 'subject',
  wanted: string | undefined,
  found: readonly (string | undefined)[],
  findings: Findings,
): void {
  const said = found.filter((one) => one !== undefined);
  if (wanted === undefined) {
    findings.cannot('identity', `expected-${what}`, `Whether it is the ${what} that you mean was not asked.`);
    return;
  }
  const others = said.filter((one) => one !== wanted);
  findings.add('identity', `expected-${what}`, `It is of ${wanted}.`, [
    ...others.map((other) => `It is of ${other}, not of ${wanted}.`),
    ...(said.length === 0 ? [`It does not say of which ${what} it is.`] : []),
  ]);
}

async function waiversOf(
  store: PackageStore,
  records: readonly PhaseRecord[],
): Promise<PackageReport['waivers']> {
  const read = await Promise.all(records.map((record) => readNamedDocuments(store, record)));
  return read.flatMap(({ waivers }) =>
    [...waivers.values()].map(({ phase, by, reason, at }) => ({ phase, by, reason, at })),
  );
}
