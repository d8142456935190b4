import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { parseJson } from '../artifacts/parse-json.js';
import { materialise } from '../artifacts/snapshot/materialise.js';
import { hasControlCharacters, printable } from '../artifacts/snapshot/paths.js';
import { readSnapshot } from '../artifacts/snapshot/read-snapshot.js';
import { phaseRecordSchema } from '../contracts/evidence.js';
import { attestedFilesSchema, packageManifestSchema, stagedPackageSchema } from '../contracts/phase.js';
import type { SnapshotRef } from '../contracts/subject.js';
import { layout } from '../packaging/layout.js';
import { HeptadError } from '../protocol/errors.js';
import { withRunFolder } from '../scratch/with-run-folder.js';
import { byCodeUnit } from '../synthesis/order.js';
import { allowedPlace } from './allowed-place.js';
import {
  type BranchTarget,
  type Delivered,
  type Delivery,
  type DeliveryTools,
  deliveryEntryName,
} from './delivery.js';
import { GitRepository, notesRef } from './git-repository.js';
import { titleOfTarget } from './place-of.js';

/**
 * Delivers to a git repository: the workspace as one commit on the branch, and the attestations in a note on it, both
 * pushed or none, and never by force. The commit is a child of the branch's head; of `base`, else of the repository's
 * `HEAD`, where there is no such branch; a first one in an empty repository. On the same parent the same delivery is
 * the same commit. A branch that has it already is not written again.
 *
 * @param roots folders below which a repository on this machine may be
 * @throws HeptadError `DependencyUnreachable`; `DeliveryOvertaken` something else was pushed at this moment
 * @throws HeptadError `DeliveryRefused` the repository does not accept it, or a commit cannot hold the workspace
 */
export async function deliverToBranch(
  tools: DeliveryTools,
  roots: readonly string[],
  delivery: Delivery<BranchTarget>,
): Promise<Delivered> {
  const { target, run } = delivery;
  const location = titleOfTarget(target);
  const url = target.url.startsWith('/') ? await allowedPlace(target.url, roots) : target.url;
  return await withRunFolder(tools.scratch, run, 'branch', async (folder) => {
    const own = join(folder, 'repository');
    const remote = { url, place: location };
    const { repository, refs } = await GitRepository.open(own, remote, refsOf(target), tools.signal);
    const written = await new BranchDelivery(tools, delivery, repository, refs).deliver(folder);
    return { location, written };
  });
}

/** What has to be known of the repository. */
const refsOf = ({ branch, base }: BranchTarget): string[] => [
  'HEAD',
  notesRef,
  `refs/heads/${branch}`,
  ...(base === undefined ? [] : [`refs/heads/${base}`, `refs/tags/${base}`]),
];

/** What an attempt remembers before it pushes. */
const pushedSchema = z.strictObject({ commit: z.string(), parent: z.string().nullable() });
type Pushed = z.infer<typeof pushedSchema>;

/** The name of the commit's parent in our repository. */
const parentRef = 'refs/heptad/parent';

class BranchDelivery {
  readonly #tools: DeliveryTools;
  readonly #delivery: Delivery<BranchTarget>;
  readonly #repository: GitRepository;
  readonly #refs: ReadonlyMap<string, string>;

  constructor(
    tools: DeliveryTools,
    delivery: Delivery<BranchTarget>,
    repository: GitRepository,
    refs: ReadonlyMap<string, string>,
  ) {
    this.#tools = tools;
    this.#delivery = delivery;
    this.#repository = repository;
    this.#refs = refs;
  }

  /** @returns the commit */
  async deliver(folder: string): Promise<string> {
    const { store } = this.#tools;
    const entry = deliveryEntryName(this.#delivery);
    const remembered = await store.entries.get(entry);
    const before = remembered && parseJson(remembered, pushedSchema, `The entry ${entry}`);
    const parent = await this.#fetchParent();
    if (before && (await this.#hasIt(before, parent))) return before.commit;
    const commit = await this.#makeCommit(parent, join(folder, 'workspace'));
    await this.#addNote(commit);
    // First, so that an attempt that is killed after its push is known by the next one.
    const pushed: Pushed = { commit, parent };
    await store.entries.put(entry, canonicalJson(pushed));
    await this.#repository.push(commit, this.#delivery.target.branch);
    return commit;
  }

  /** Whether the branch has the commit of an attempt before, also where others have gone on from it. */
  async #hasIt({ commit, parent: before }: Pushed, parent: string | null): Promise<boolean> {
    const branch = `refs/heads/${this.#delivery.target.branch}`;
    if (!this.#refs.has(branch)) return false;
    if (parent === commit) return true;
    if (parent === before) return false;
    await this.#repository.fetch(branch, parentRef, { whole: true });
    return await this.#repository.isAncestor(commit, parentRef);
  }

  /** The commit that the delivered one goes on from; null in an empty repository. */
  async #fetchParent(): Promise<string | null> {
    const name = this.#parentName();
    if (name === null) return null;
    await this.#repository.fetch(name, parentRef);
    return await this.#repository.commitOf(parentRef);
  }

  #parentName(): string | null {
    const { branch, base } = this.#delivery.target;
    const known = (...names: string[]) => names.find((name) => this.#refs.has(name));
    const own = known(`refs/heads/${branch}`);
    if (own !== undefined) return own;
    if (base === undefined) return known('HEAD') ?? null;
    const named = known(`refs/heads/${base}`, `refs/tags/${base}`);
    if (named !== undefined) return named;
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(base)) return base;
    throw this.#refused(`it has no branch, tag or commit ${base}`);
  }

  async #makeCommit(parent: string | null, folder: string): Promise<string> {
    const { store, signal } = this.#tools;
    const { run, staged: stagedRef, record } = this.#delivery;
    const staged = await store.getJson(stagedRef.digest, stagedPackageSchema);
    const manifest = await store.getJson(staged.manifest.digest, packageManifestSchema);
    const { timings } = await store.getJson(record.digest, phaseRecordSchema);
    await this.#demandPlainPaths(staged.workspace);
    await materialise(store, staged.workspace, folder, { signal });
    const tree = await this.#repository.treeOf(folder);
    const { decision, candidate, subject } = manifest;
    const message = [
      `Heptad run ${run}: ${decision}`,
      '',
      `The delivered workspace (${candidate}) of ${plain(subject)}.`,
      `The attestations are in a note: git notes --ref=${notesRef} show.`,
      '',
      `Heptad-Run: ${run}`,
      `Heptad-Decision: ${decision}`,
      `Heptad-Record: ${record.digest}`,
      `Heptad-Manifest: ${staged.manifest.digest}`,
    ];
    const seconds = Math.floor(Date.parse(timings.endedAt) / 1000);
    return await this.#repository.commit(tree, parent, seconds, message.join('\n'));
  }

  /** Git passes over what is named like its own folder, and says nothing. */
  async #demandPlainPaths(workspace: SnapshotRef): Promise<void> {
    const { entries } = await readSnapshot(this.#tools.store, workspace);
    const own = entries.find(({ path }) => path.toLowerCase().split('/').includes('.git'));
    if (own) throw this.#refused(`a commit cannot hold ${printable(own.path)}`);
  }

  /** The attestations, a line of JSON each, in the order of their names. */
  async #addNote(commit: string): Promise<void> {
    const { store } = this.#tools;
    const files = await store.getJson(this.#delivery.attestations.digest, attestedFilesSchema);
    const names = new Set<string>(Object.values(layout.attestations));
    const envelopes = files.filter(({ name }) => names.has(name));
    const lines: string[] = [];
    for (const { digest } of envelopes.toSorted((a, b) => byCodeUnit(a.name, b.name)))
      lines.push(`${(await store.get(digest)).toString('utf8')}\n`);
    if (this.#refs.has(notesRef)) await this.#repository.fetch(notesRef, notesRef);
    if (await this.#repository.note(commit, lines.join(''))) return;
    throw new HeptadError(
      'DeliveryConflict',
      `Nothing was delivered to ${titleOfTarget(this.#delivery.target)}: the commit ${commit} has another note there.`,
    );
  }

  #refused(why: string): HeptadError {
    const place = titleOfTarget(this.#delivery.target);
    return new HeptadError('DeliveryRefused', `Nothing was delivered to ${place}: ${why}.`);
  }
}

/** A text on one line of a message. */
const plain = (text: string): string => (hasControlCharacters(text) ? printable(text) : text);
