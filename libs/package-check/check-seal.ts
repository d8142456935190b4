import { isDeepStrictEqual } from 'node:util';
import { type HistoryArchive, type PhaseRecord, type Seal, sealSchema } from '../contracts/evidence.js';
import { type PackageManifest, packageReceiptSchema } from '../contracts/phase.js';
import type { Trust } from '../crypto/trust.js';
import { historyProblems } from '../evidence/history-problems.js';
import { type ClosedRun, readArchive, readClosedRun } from '../evidence/read-closed-run.js';
import { sealFacts } from '../evidence/seal-facts.js';
import { sealFiles, sealPath } from '../evidence/seal-files.js';
import { cutOffPhases, endingProblems } from '../evidence/sealing-problems.js';
import { isOfSeal, layout } from '../packaging/layout.js';
import { payloadType } from '../protocol/payload-types.js';
import { checkEvidenceOf } from './check-evidence.js';
import type { Findings } from './findings.js';
import type { PackageStore } from './package-store.js';
import { documentIn, readDocument } from './read-document.js';
import { digestAt, type PackageFolder } from './read-folder.js';

/** The seal of a package, read; undefined where it is not sealed, or the seal cannot be read. */
export async function readSeal(folder: PackageFolder, findings: Findings): Promise<Seal | undefined> {
  const { files } = folder;
  if (!files.has(sealPath)) {
    const rest = [...files.keys()].filter(isOfSeal);
    if (rest.length === 0)
      findings.cannot('seal', 'sealed', 'It is not yet sealed: the histories of the run are not in it.');
    else findings.add('seal', 'sealed', '', [`There is no ${sealPath}, but ${rest.length} files of a seal.`]);
    return undefined;
  }
  return await findings.look('seal', 'sealed', 'The seal is canonical JSON of its contract.', () =>
    readDocument(folder, sealPath, sealSchema),
  );
}

interface Sealed {
  readonly folder: PackageFolder;
  readonly store: PackageStore;
  readonly trust: Trust;
  readonly seal: Seal;
  readonly manifest: PackageManifest | undefined;
  /** Those that the seal names, in order, as far as they can be read. */
  readonly records: readonly PhaseRecord[];
}

/** The seal is signed, is of this package, lists its files, and says what the histories say. */
export async function checkSeal(sealed: Sealed, findings: Findings): Promise<void> {
  const { folder, store, trust, seal } = sealed;
  findings.add(
    'seal',
    'seal-signed',
    'It is signed by the release key.',
    trust.problemsOf(seal, { type: payloadType.seal, identity: 'release' }),
  );
  findings.add(
    'seal',
    'seal-files',
    `Its ${seal.files.length} files are there, and no other.`,
    fileProblems(folder, seal),
  );
  findings.add('seal', 'seal-package', packageSays(seal), packageProblems(sealed));
  if (seal.packageManifest !== null)
    findings.add('seal', 'completed', 'The run that delivered it completed.', endProblems(seal));
  const archive: HistoryArchive = { version: 1, run: seal.run, histories: seal.histories };
  const chains = await findings.look(
    'seal',
    'histories',
    `${seal.histories.length} histories, each complete to its closing event.`,
    async (problems) => {
      const read = await readArchive(store, archive);
      problems.push(...historyProblems(archive, read));
      return read;
    },
  );
  if (!chains) return;
  const closed = await findings.look('seal', 'closed', 'The histories tell how the run ended.', () =>
    readClosedRun(seal.run, chains),
  );
  if (closed) await checkClosed(sealed, closed, findings);
}

async function checkClosed(
  { store, trust, seal, records }: Sealed,
  closed: ClosedRun,
  findings: Findings,
): Promise<void> {
  findings.add('seal', 'seal-says', 'It says of the run what the histories and records say.', [
    ...differences(seal, await sealFacts(store, closed, records)),
    ...endingProblems(closed, records),
    ...(await listProblems(store, seal, records)),
    ...(records.length === Object.keys(seal.records).length
      ? []
      : ['A record that it names cannot be read.']),
  ]);
  await checkEvidenceOf(store, trust, { records, cutOff: cutOffPhases(closed) }, 'seal', findings);
  findings.add(
    'seal',
    'times',
    'Times are in order. They are claimed, not proven.',
    timeProblems(seal, records),
  );
}

/** Why the files of a seal are not those that its evidence makes: one by one, with the digests that it names. */
async function listProblems(
  store: PackageStore,
  seal: Seal,
  records: readonly PhaseRecord[],
): Promise<string[]> {
  const keys = seal.files.find(({ path }) => path === `${layout.seal}/keys.json`);
  if (!keys) return ['It has no list of keys.'];
  const expected = await sealFiles(store, {
    ...seal,
    phaseRecords: records,
    keys: store.refTo(`sha256:${keys.sha256}`),
  });
  const line = (path: string, digest: string): string => `${path} ${digest}`;
  const made = new Set(expected.map(({ path, digest }) => line(path, digest)));
  const listed = new Set(seal.files.map(({ path, sha256 }) => line(path, `sha256:${sha256}`)));
  return [
    ...[...listed]
      .filter((one) => !made.has(one))
      .map((one) => `It lists ${one}, which is no part of the evidence.`),
    ...[...made]
      .filter((one) => !listed.has(one))
      .map((one) => `It does not list ${one}, which is part of the evidence.`),
  ];
}

type Facts = Awaited<ReturnType<typeof sealFacts>>;

function differences(seal: Seal, facts: Facts): string[] {
  return (Object.keys(facts) as (keyof Facts)[])
    .filter((fact) => !isDeepStrictEqual(seal[fact], facts[fact]))
    .map((fact) => `It says ${fact} is ${said(seal[fact])}; the evidence says ${said(facts[fact])}.`);
}

const said = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'nothing';

function fileProblems({ files }: PackageFolder, seal: Seal): string[] {
  const listed = new Set(seal.files.map(({ path }) => path));
  const there = [...files.keys()].filter(isOfSeal);
  return [
    ...there
      .filter((path) => path !== sealPath && !listed.has(path))
      .map((path) => `${path} is not part of the seal.`),
    ...seal.files.flatMap(({ path, size, sha256 }, index) => {
      const before = seal.files[index - 1]?.path;
      if (before !== undefined && before >= path) return [`${path} is listed out of order, or twice.`];
      const found = files.get(path);
      if (!found) return [`${path} is missing.`];
      return found.size === size && found.sha256 === sha256
        ? []
        : [`${path} is not the file that the seal lists.`];
    }),
  ];
}

const packageSays = ({ packageManifest }: Seal): string =>
  packageManifest === null
    ? 'It says that nothing was delivered, and nothing is there.'
    : 'It is the seal of this package.';

/** A run can fail behind its delivery: when it is concluded. */
const endProblems = ({ status, failure }: Seal): string[] =>
  status === 'COMPLETED'
    ? []
    : [`Behind the delivery the run ended as ${status}${failure ? ` with ${failure.code}` : ''}.`];

function packageProblems({ folder, seal, manifest }: Sealed): string[] {
  const receipt = documentIn(folder, layout.receipt, packageReceiptSchema);
  const digest = (path: string): string | null => digestAt(folder, path) ?? null;
  const problems: string[] = [];
  if (seal.packageManifest !== digest(layout.manifest.json))
    problems.push('It is the seal of another manifest.');
  if (seal.receipt !== digest(layout.receipt)) problems.push('It is the seal of another delivery.');
  if (seal.receipt !== null && receipt?.record !== seal.records.deliver?.digest)
    problems.push('The receipt is for another record of deliver.');
  if (manifest && manifest.run !== seal.run)
    problems.push(`It is of the run ${seal.run}, the package of ${manifest.run}.`);
  if (seal.packageManifest !== null) return problems;
  const others = [...folder.files.keys()].filter((path) => !isOfSeal(path));
  return [...problems, ...others.map((path) => `${path} is there, although nothing was delivered.`)];
}

/** Clocks of the server and of workers may differ by so many milliseconds. */
const clockSlackMs = 1000;

function timeProblems(
  seal: Seal,
  records: readonly { timings: { startedAt: string; endedAt: string } }[],
): string[] {
  const times = [
    seal.startedAt,
    ...records.flatMap(({ timings }) => [timings.startedAt, timings.endedAt]),
    seal.closedAt,
  ];
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    return before === undefined || Date.parse(before) <= Date.parse(time) + clockSlackMs
      ? []
      : [`${time} follows ${before}.`];
  });
}
