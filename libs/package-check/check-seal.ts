import { isDeepStrictEqual } from 'node:util';
import { type HistoryArchive, type Seal, sealSchema } from '../contracts/evidence.js';
import type { PackageManifest } from '../contracts/phase.js';
import type { Trust } from '../crypto/trust.js';
import { historyProblems } from '../evidence/history-problems.js';
import {
  type ArchivedChains,
  type ClosedRun,
  readArchive,
  readClosedRun,
} from '../evidence/read-closed-run.js';
import { headOf } from '../evidence/record-problems.js';
import { outcomeProblems } from '../evidence/sealing-problems.js';
import { layout } from '../packaging/layout.js';
import { payloadType } from '../protocol/payload-types.js';
import { phaseNames } from '../protocol/phases.js';
import { checkEvidenceOf, readSealedRecords } from './check-evidence.js';
import type { Findings } from './findings.js';
import type { PackageStore } from './package-store.js';
import { readDocument } from './read-document.js';
import type { PackageFolder } from './read-folder.js';

const sealPath = `${layout.seal}/seal.json`;

/** The seal of a package, read; undefined where it is not sealed, or the seal cannot be read. */
export async function readSeal(folder: PackageFolder, findings: Findings): Promise<Seal | undefined> {
  const { files } = folder;
  if (!files.has(sealPath)) {
    const rest = [...files.keys()].filter(
      (path) => path.startsWith(`${layout.seal}/`) || path.startsWith(`${layout.histories}/`),
    );
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
  if (closed) await checkClosed(sealed, chains, closed, findings);
}

async function checkClosed(
  { store, trust, seal }: Sealed,
  chains: ArchivedChains,
  closed: ClosedRun,
  findings: Findings,
): Promise<void> {
  const records = await readSealedRecords(store, seal, phaseNames);
  findings.add('seal', 'seal-says', 'It says of the run what the histories and records say.', [
    ...differences(seal, { ...factsOf(closed), head: headOf(records) }),
    ...(records.length === Object.keys(seal.records).length
      ? []
      : ['A record that it names cannot be read.']),
    ...closed.phases.flatMap((phase) =>
      outcomeProblems(
        phase,
        records.find((record) => record.phase === phase.phase),
        seal.run,
      ),
    ),
  ]);
  const cutOff = new Set(
    closed.phases.flatMap(({ phase, closing }) => (closing === 'COMPLETED' ? [] : [phase])),
  );
  await checkEvidenceOf(store, trust, { records, cutOff }, 'seal', findings);
  findings.add(
    'seal',
    'times',
    'Times are in order. They are claimed, not proven.',
    timeProblems(seal, records),
  );
  findings.add(
    'seal',
    'history-count',
    `${chains.size} workflows.`,
    chains.size === 0 ? ['There is none.'] : [],
  );
}

const factsOf = ({ request, status, failure, records, delivered, summary }: ClosedRun) => ({
  tenant: request.tenant,
  request: request.request.digest,
  status,
  failure,
  startedAt: summary.startedAt,
  closedAt: summary.closedAt,
  template: summary.template,
  subject: summary.subject ?? 'unknown',
  decision: summary.decision,
  records,
  packageManifest: delivered?.manifest ?? null,
  packagePath: delivered?.path ?? null,
  receipt: delivered?.receipt ?? null,
});

function differences(seal: Seal, facts: Partial<Seal>): string[] {
  return (Object.keys(facts) as (keyof Seal)[])
    .filter((fact) => !isDeepStrictEqual(seal[fact], facts[fact]))
    .map((fact) => `It says ${fact} is ${said(seal[fact])}; the evidence says ${said(facts[fact])}.`);
}

const said = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'nothing';

function fileProblems({ files }: PackageFolder, seal: Seal): string[] {
  const listed = new Set(seal.files.map(({ path }) => path));
  const there = [...files.keys()].filter(
    (path) => path.startsWith(`${layout.seal}/`) || path.startsWith(`${layout.histories}/`),
  );
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

function packageProblems({ folder: { files }, seal, manifest }: Sealed): string[] {
  const digest = (path: string): string | null => {
    const found = files.get(path);
    return found ? `sha256:${found.sha256}` : null;
  };
  const problems: string[] = [];
  if (seal.packageManifest !== digest(layout.manifest.json))
    problems.push('It is the seal of another manifest.');
  if (seal.receipt !== digest(layout.receipt)) problems.push('It is the seal of another delivery.');
  if (manifest && manifest.run !== seal.run)
    problems.push(`It is of the run ${seal.run}, the package of ${manifest.run}.`);
  if (seal.packageManifest !== null) return problems;
  const others = [...files.keys()].filter(
    (path) => !path.startsWith(`${layout.seal}/`) && !path.startsWith(`${layout.histories}/`),
  );
  return [...problems, ...others.map((path) => `${path} is there, although nothing was delivered.`)];
}

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
    return before === undefined || Date.parse(before) <= Date.parse(time)
      ? []
      : [`${time} follows ${before}.`];
  });
}
