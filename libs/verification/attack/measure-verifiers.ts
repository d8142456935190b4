import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { openStore } from '../../artifacts/open-store.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import type { FaultTally } from '../../contracts/evidence.js';
import type { Digest } from '../../protocol/digest.js';
import { HeptadError } from '../../protocol/errors.js';
import { jsonSchema } from '../json-schema.js';
import type { Judge, Judged } from '../judged.js';
import { type NamedDigest, namedDigests } from '../named-digests.js';
import type { Breath } from './breath.js';
import type { Comparing } from './compared.js';
import { isLeftOpen } from './left-open.js';
import { OverlayStore } from './overlay-store.js';
import { rejectionBy } from './rejection.js';
import { Draw, FaultGround, type FaultKind, faultKinds, type Json } from './seeded-faults.js';
import { placeCopy } from './store-attacks.js';

/** Faults of each kind. */
const each = 8;

/** Draws for a fault that is not among the others yet. */
const tries = 4;

/** Documents of more than this many bytes are not seeded. */
const largest = 64 * 1024;

/** Artifacts of more than this many bytes are not copied to be damaged. */
const largestCopy = 1024 * 1024;

export interface Measured {
  readonly tallies: FaultTally[];
  /** Faults that neither pass saw, and that one of them should have seen. */
  readonly missed: readonly string[];
  /** Faults that neither pass saw, in what neither can tell. */
  readonly open: readonly string[];
}

interface Measuring {
  readonly judge: Judge;
  readonly compare: Comparing;
  readonly breath: Breath;
  readonly folder: string;
}

/** A document that faults are seeded in: the output, or one that it names. */
interface Seeded {
  /** Where the output names it; empty for the output itself. */
  readonly named: string;
  readonly digest: Digest | null;
  readonly ground: FaultGround;
}

/**
 * Seeds faults in the output and in what it names, always the same for one output, and counts by kind how many of them
 * pass A rejects, and how many pass B would find to be another output than it makes.
 *
 * @param judged reads genuine and forged artifacts
 */
export async function measureVerifiers(judged: Judged, measuring: Measuring): Promise<Measured> {
  const { store, output } = judged;
  const outcome = (await store.getJson(output.digest, jsonSchema)) as Json;
  const named = namedDigests(outcome);
  const whole: Seeded = { named: '', digest: null, ground: new FaultGround(outcome) };
  const documents = await documentsOf(judged, named, measuring.breath);
  const measured = { tallies: [] as FaultTally[], missed: [] as string[], open: [] as string[] };
  for (const kind of faultKinds) {
    const draw = new Draw(`${output.digest} ${kind}`);
    const seen = new Set<Digest>([output.digest]);
    const caught = { A: 0, B: 0 };
    for (let tried = 0; tried < each * tries && seen.size <= each; tried += 1) {
      judged.signal?.throwIfAborted();
      await measuring.breath.take();
      const into = draw.below(2) === 0 ? whole : (draw.one(documents) ?? whole);
      const fault = await seeded(judged, outcome, into, kind, draw);
      if (!fault || seen.has(fault.output.digest)) continue;
      seen.add(fault.output.digest);
      const forged = { ...judged, output: fault.output };
      const a = await rejectionBy(measuring.judge, forged);
      const b = await measuring.compare(judged, forged);
      if (a !== null) caught.A += 1;
      if (b !== null) caught.B += 1;
      if (a === null && b === null)
        (isLeftOpen(judged.phase, fault.pointer, kind) ? measured.open : measured.missed).push(
          `${kind} at ${fault.pointer || '/'}`,
        );
    }
    const count = seen.size - 1;
    if (count === 0) continue;
    measured.tallies.push({ kind, pass: 'A', seeded: count, caught: caught.A });
    measured.tallies.push({ kind, pass: 'B', seeded: count, caught: caught.B });
  }
  const damaged = await measureDamage(judged, named, measuring);
  measured.tallies.push(...damaged.tallies);
  measured.missed.push(...damaged.missed);
  return measured;
}

async function seeded(
  { store }: Judged,
  outcome: Json,
  { named, digest, ground }: Seeded,
  kind: FaultKind,
  draw: Draw,
) {
  const fault = ground.seed(kind, draw);
  if (!fault) return undefined;
  if (digest === null) return { output: await store.putJson(fault.document), pointer: fault.pointer };
  const ref = await store.putJson(fault.document);
  // Wherever the output names it, so that it does not contradict itself.
  const output = await store.putJson(renamed(outcome, digest, ref));
  return { output, pointer: `${named}${fault.pointer}` };
}

function renamed(value: Json, digest: Digest, to: { digest: Digest; size: number }): Json {
  if (value === digest) return to.digest;
  if (Array.isArray(value)) return value.map((part) => renamed(part, digest, to));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, renamed(part, digest, to)]),
  );
  return value.digest === digest && typeof value.size === 'number' ? { ...parts, size: to.size } : parts;
}

/** The documents that an output names, each once. */
async function documentsOf(
  { store }: Judged,
  named: readonly NamedDigest[],
  breath: Breath,
): Promise<Seeded[]> {
  const documents = new Map<Digest, Seeded>();
  for (const one of named) {
    const digest = digestOf(one);
    if (documents.has(digest)) continue;
    await breath.take();
    const document = await documentAt(store, digest);
    if (document !== undefined)
      documents.set(digest, { named: one.path, digest, ground: new FaultGround(document) });
  }
  return [...documents.values()];
}

const digestOf = (named: NamedDigest): Digest => (named.kind === 'digest' ? named.digest : named.ref.digest);

async function documentAt(store: ArtifactStore, digest: Digest): Promise<Json | undefined> {
  try {
    if ((await store.size(digest)) > largest) return undefined;
    const value = (await store.getJson(digest, jsonSchema)) as Json;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    // What is no JSON, or is a digest that people wrote.
    if (error instanceof HeptadError && (error.code === 'InputInvalid' || error.code === 'ArtifactUnknown'))
      return undefined;
    throw error;
  }
}

/** Flips bytes of stored artifacts that are judged: that is for pass A to see, as their digests stay the same. */
async function measureDamage(
  judged: Judged,
  named: readonly NamedDigest[],
  { judge, breath, folder }: Measuring,
): Promise<Pick<Measured, 'tallies' | 'missed'>> {
  const kind = 'bytes-flipped';
  const { store, input, output } = judged;
  const all = new Set([output.digest, ...Object.values(input).map(({ digest }) => digest)]);
  for (const one of named) {
    if (!(await store.has(digestOf(one)))) continue;
    all.add(digestOf(one));
    if (one.kind !== 'snapshot') continue;
    for (const entry of (await readSnapshot(store, one.ref)).entries)
      if (entry.kind === 'file') all.add(entry.digest);
  }
  const draw = new Draw(`${output.digest} ${kind}`);
  const candidates = [...all].sort();
  const missed: string[] = [];
  let count = 0;
  for (let tried = 0; tried < each * tries && count < each && candidates.length > 0; tried += 1) {
    await breath.take();
    const [digest] = candidates.splice(draw.below(candidates.length), 1);
    if (digest === undefined) break;
    const size = await store.size(digest);
    if (size === 0 || size > largestCopy) continue;
    const bytes = Buffer.from(await store.get(digest));
    const at = draw.below(size);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << draw.below(8)), at);
    const place = join(folder, String(count));
    await placeCopy(place, digest, bytes);
    count += 1;
    const verified = new Set([...judged.verified].filter((other) => other !== digest));
    const damaged = { ...judged, verified, store: new OverlayStore(openStore(place), store) };
    if ((await rejectionBy(judge, damaged)) === null) missed.push(`${kind} of ${digest}`);
  }
  const tallies: FaultTally[] =
    count === 0 ? [] : [{ kind, pass: 'A', seeded: count, caught: count - missed.length }];
  return { tallies, missed };
}
