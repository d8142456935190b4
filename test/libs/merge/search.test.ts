import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import type { SnapshotRef } from '../../../libs/contracts/subject.js';
import type { Genome } from '../../../libs/merge/genome.js';
import {
  type Found,
  generationSize,
  type Landscape,
  type Measured,
  search,
} from '../../../libs/merge/search.js';

/** A file of pieces, or a piece of it; what a file's variants are is said by their pieces. */
interface SmallPart {
  readonly variants: readonly { readonly gain: number; readonly pieces: readonly number[] }[];
  readonly pieces: readonly SmallPart[] | undefined;
}

interface World {
  /** By file and piece: the options' gains, the first 0. */
  readonly files: readonly (readonly (readonly number[])[])[];
  /** By parent and file: the option of each piece. */
  readonly parents: readonly (readonly (readonly number[])[])[];
  /** `piece:option` that fail the tests; pieces are counted over all files. */
  readonly guilty: ReadonlySet<string>;
  /** Pairs that fail together. */
  readonly pairs: readonly (readonly [string, string])[];
  /** What is expected of an option is so much off. */
  readonly noise: (key: string) => number;
}

const digestOf = (genome: Genome): SnapshotRef => ({
  digest: `sha256:${createHash('sha256').update(genome.join(',')).digest('hex')}`,
  files: 1,
  bytes: 1,
});

/** The world as the search sees it, with every workspace that was evaluated. */
function landscapeOf(world: World) {
  const evaluated: string[] = [];
  const batches: number[] = [];
  const gains = world.files.flat();
  const measure = (fine: Genome): Measured => {
    const keys = fine.flatMap((option, piece) => (option === 0 ? [] : [`${piece}:${option}`]));
    const fails =
      keys.some((key) => world.guilty.has(key)) ||
      world.pairs.some(([one, other]) => keys.includes(one) && keys.includes(other));
    const fitness = fine.reduce((sum, option, piece) => sum + (gains[piece]?.[option] ?? 0), 0);
    return fails ? { eligible: false, fitness: null } : { eligible: true, fitness };
  };
  let counted = 0;
  const parts = world.files.map((file, index): SmallPart => {
    const first = counted;
    counted += file.length;
    const noisy = (piece: number, option: number): number =>
      option === 0 ? 0 : (file[piece]?.[option] ?? 0) + world.noise(`${first + piece}:${option}`);
    const own = world.parents.map((parent) => parent[index] ?? []);
    const known = new Map([file.map(() => 0), ...own].map((pieces) => [pieces.join(','), pieces]));
    return {
      variants: [...known.values()].map((pieces) => ({
        gain: pieces.reduce((sum, option, piece) => sum + noisy(piece, option), 0),
        pieces,
      })),
      pieces: file.map((options, piece) => ({
        variants: options.map((_, option) => ({ gain: noisy(piece, option), pieces: [option] })),
        pieces: undefined,
      })),
    };
  });
  const fineOf = (current: readonly SmallPart[], genome: Genome): Genome =>
    current.flatMap((part, index) => part.variants[genome[index] ?? 0]?.pieces ?? []);
  const fines = new Map<string, Genome>();
  const landscape: Landscape<SmallPart, Measured> = {
    parts,
    parents: world.parents
      .map((parent) => ({
        genome: parent.map((pieces, file) =>
          (parts[file]?.variants ?? []).findIndex((variant) => variant.pieces.join() === pieces.join()),
        ),
        workspace: digestOf(parent.flat()),
        ...measure(parent.flat()),
      }))
      .sort((a, b) => (b.fitness ?? -1000) - (a.fitness ?? -1000)),
    build: async (current, genome) => {
      const fine = fineOf(current, genome);
      const built = digestOf(fine);
      fines.set(built.digest, fine);
      return built;
    },
    evaluate: async (workspaces) => {
      batches.push(workspaces.length);
      evaluated.push(...workspaces.map(({ digest }) => digest));
      return workspaces.map(({ digest }) => measure(fines.get(digest) ?? []));
    },
    refine: (part) =>
      part.pieces && { parts: part.pieces, variants: part.variants.map(({ pieces }) => pieces) },
  };
  return { landscape, evaluated, batches, fineOf, measure };
}

const bounded = (evaluations: number, stopAfter = Number.POSITIVE_INFINITY) => ({
  evaluations,
  timeIsOver: (done: number) => done >= stopAfter,
});

const run = (world: World, seed: number, evaluations: number, stopAfter?: number) =>
  search(landscapeOf(world).landscape, bounded(evaluations, stopAfter), xoroshiro128plus(seed));

const outcome = ({ evaluations, best, stopped }: Found<SmallPart, Measured>) => ({
  evaluations,
  best,
  stopped,
});

const worlds: fc.Arbitrary<World> = fc
  .array(
    fc.array(
      fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 1, maxLength: 3 }).map((gains) => [0, ...gains]),
      { minLength: 1, maxLength: 5 },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .chain((files) => {
    const keys = files
      .flat()
      .flatMap((options, piece) => options.slice(1).map((_, at) => `${piece}:${at + 1}`));
    const key = fc.constantFrom(...keys);
    return fc.record({
      files: fc.constant(files),
      parents: fc.array(
        fc.tuple(
          ...files.map((file) => fc.tuple(...file.map((options) => fc.nat({ max: options.length - 1 })))),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      guilty: fc.uniqueArray(key, { maxLength: 3 }).map((some) => new Set(some)),
      pairs: fc.array(fc.tuple(key, key), { maxLength: 2 }),
      noise: fc
        .dictionary(key, fc.integer({ min: -4, max: 4 }))
        .map((some) => (one: string) => (Object.hasOwn(some, one) ? (some[one] ?? 0) : 0)),
    });
  });

const searches = fc.record({ world: worlds, seed: fc.integer(), evaluations: fc.nat({ max: 24 }) });

test('what is found is fitter than every parent, or nothing is', async () => {
  await fc.assert(
    fc.asyncProperty(searches, async ({ world, seed, evaluations }) => {
      const { landscape } = landscapeOf(world);
      const found = await search(landscape, bounded(evaluations), xoroshiro128plus(seed));
      const parents = landscape.parents.map(({ fitness }) => fitness ?? Number.NEGATIVE_INFINITY);
      const tested = found.evaluations.map(({ result }) => result.fitness ?? Number.NEGATIVE_INFINITY);
      const best = found.best === undefined ? undefined : tested[found.best];
      if (best === undefined) expect(Math.max(...parents, ...tested)).toBe(Math.max(...parents));
      else {
        expect(best).toBe(Math.max(...tested));
        expect(best).toBeGreaterThan(Math.max(...parents));
      }
    }),
    { numRuns: 300 },
  );
});

test('the budget is kept, in small generations, and no workspace is evaluated twice', async () => {
  await fc.assert(
    fc.asyncProperty(searches, async ({ world, seed, evaluations }) => {
      const { landscape, evaluated, batches } = landscapeOf(world);
      await search(landscape, bounded(evaluations), xoroshiro128plus(seed));
      expect(evaluated.length).toBeLessThanOrEqual(evaluations);
      expect(Math.max(0, ...batches)).toBeLessThanOrEqual(generationSize);
      const parents = landscape.parents.map(({ workspace }) => workspace.digest);
      expect(new Set([...evaluated, ...parents]).size).toBe(evaluated.length + new Set(parents).size);
    }),
    { numRuns: 300 },
  );
});

test('the same seed and bounds give the same, also where the time ended the first', async () => {
  await fc.assert(
    fc.asyncProperty(searches, fc.nat({ max: 12 }), async ({ world, seed, evaluations }, stopAfter) => {
      const whole = await run(world, seed, evaluations);
      expect(outcome(await run(world, seed, evaluations))).toEqual(outcome(whole));
      const cut = await run(world, seed, evaluations, stopAfter);
      const repeated = await run(
        world,
        seed,
        evaluations,
        cut.stopped === 'time' ? cut.evaluations.length : undefined,
      );
      expect(outcome(repeated)).toEqual(outcome(cut));
      // Parts are refined later than the time ended, so genomes are not comparable; workspaces are.
      expect(cut.evaluations.map(({ workspace }) => workspace.digest)).toEqual(
        whole.evaluations.slice(0, cut.evaluations.length).map(({ workspace }) => workspace.digest),
      );
    }),
    { numRuns: 200 },
  );
});

test('every genome stands for its workspace in the parts as they are in the end', async () => {
  await fc.assert(
    fc.asyncProperty(searches, async ({ world, seed, evaluations }) => {
      const { landscape, fineOf, measure } = landscapeOf(world);
      const {
        parts,
        parents,
        evaluations: all,
      } = await search(landscape, bounded(evaluations), xoroshiro128plus(seed));
      for (const { genome, workspace, result } of all) {
        expect(digestOf(fineOf(parts, genome))).toEqual(workspace);
        expect(measure(fineOf(parts, genome))).toEqual(result);
      }
      for (const [index, genome] of parents.entries())
        expect(digestOf(fineOf(parts, genome))).toEqual(landscape.parents[index]?.workspace);
    }),
    { numRuns: 200 },
  );
});

const quiet = { pairs: [], noise: () => 0 };

test('two candidates that each do one file well are combined at the first attempt', async () => {
  const world: World = {
    ...quiet,
    files: [[[0, 5, 1]], [[0, 5, 1]]],
    parents: [
      [[1], [2]],
      [[2], [1]],
    ],
    guilty: new Set(),
  };
  const { evaluations, best } = await run(world, 1, 16);
  expect(best).toBe(0);
  expect(evaluations[0]).toMatchObject({ generation: 1, result: { eligible: true, fitness: 10 } });
});

test('one hunk of forty that fails is found, and all others are kept, in twelve evaluations', async () => {
  for (const wrong of [0, 7, 19, 26, 39]) {
    const world: World = {
      ...quiet,
      files: [Array.from({ length: 40 }, () => [0, 1])],
      parents: [[Array.from({ length: 40 }, () => 1)], [Array.from({ length: 40 }, () => 0)]],
      guilty: new Set([`${wrong}:1`]),
    };
    const { parts, evaluations, best } = await run(world, 1, 12);
    expect(parts).toHaveLength(40);
    expect(best === undefined ? undefined : evaluations[best]?.result.fitness).toBe(39);
  }
});

test('where nothing differs there is nothing to merge', async () => {
  const found = await run({ ...quiet, files: [], parents: [[]], guilty: new Set() }, 1, 16);
  expect(outcome(found)).toEqual({ evaluations: [], best: undefined, stopped: 'nothing-to-merge' });
});

test('a candidate that cannot be bettered ends the search long before the budget', async () => {
  const world: World = {
    ...quiet,
    files: [[[0, 5]], [[0, 5]], [[0, 5]]],
    parents: [
      [[1], [1], [1]],
      [[1], [0], [0]],
    ],
    guilty: new Set(),
  };
  const { best, stopped, evaluations } = await run(world, 1, 100);
  expect({ best, stopped }).toEqual({ best: undefined, stopped: 'no-better-neighbour' });
  expect(evaluations.length).toBeLessThanOrEqual(4);
});

test('a genome that stands for a known workspace is not evaluated', async () => {
  const workspaces = [digestOf([0]), digestOf([1]), digestOf([1])];
  const evaluated: string[] = [];
  const landscape: Landscape<SmallPart, Measured> = {
    parts: [
      {
        variants: [0, 1, 2].map((gain) => ({ gain, pieces: [] })),
        pieces: undefined,
      },
    ],
    parents: [{ genome: [1], workspace: digestOf([1]), eligible: true, fitness: 1 }],
    build: async (_, [variant = 0]) => workspaces[variant],
    evaluate: async (generation) => {
      evaluated.push(...generation.map(({ digest }) => digest));
      return generation.map(() => ({ eligible: true, fitness: 0 }));
    },
    refine: () => undefined,
  };
  await search(landscape, bounded(16), xoroshiro128plus(1));
  expect(evaluated).not.toContain(digestOf([1]).digest);
  expect(new Set(evaluated).size).toBe(evaluated.length);
});
