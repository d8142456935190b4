import type { ZodType } from 'zod';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import type { Judged } from '../judged.js';
import type { Attackers } from './attackers.js';

/** What a forgery of some outcome is made of. */
export interface Material<Outcome> {
  readonly judged: Judged;
  /** What the judged phase staged. */
  readonly outcome: Outcome;
  /** Takes what is forged; the genuine artifacts are read through it. */
  readonly store: ArtifactStore;
  readonly attackers: Attackers;
}

/** What of the judged phase a forgery replaces. */
export type Forged = Partial<Pick<Judged, 'output' | 'input' | 'trust'>>;

/**
 * Who must reject a forgery. `A`: it contradicts itself, or what it names. `B`: it may hang together, and is still not
 * what comes of the inputs; that only computing it again shows.
 */
export type Rejecting = 'A' | 'B';

export interface Forgery<Outcome> {
  readonly name: string;
  readonly by: Rejecting;
  /** Makes it; undefined where the output gives no occasion for it. */
  readonly forge: (material: Material<Outcome>) => Promise<Forged | undefined>;
}

/** A forgery with its material at hand. */
export interface ReadyForgery {
  readonly name: string;
  readonly by: Rejecting;
  readonly forge: () => Promise<Forged | undefined>;
}

/** Forgeries of outcomes of one contract, still without their material. */
export type Forgeries = (material: Omit<Material<unknown>, 'outcome'>) => Promise<ReadyForgery[]>;

/** Reads the outcome, and makes the forgeries of it ready. */
export const forgeriesOf = <Outcome>(
  schema: ZodType<Outcome>,
  forgeries: readonly Forgery<Outcome>[],
): Forgeries => {
  return async (material) => {
    const { digest } = material.judged.output;
    const outcome = await material.judged.store.getJson(digest, schema);
    return forgeries.map(({ name, by, forge }) => ({
      name,
      by,
      forge: () => forge({ ...material, outcome }),
    }));
  };
};

type Change<Outcome> = (outcome: Outcome, material: Material<Outcome>) => Promise<unknown> | unknown;

/** Replaces the output by a changed copy; undefined where there is no occasion. */
export const changing = <Outcome>(
  name: string,
  change: Change<Outcome>,
  by: Rejecting = 'A',
): Forgery<Outcome> => ({
  name,
  by,
  forge: async (material) => {
    const changed = await change(structuredClone(material.outcome), material);
    return changed === undefined ? undefined : { output: await material.store.putJson(changed) };
  },
});

/** Replaces the output by one that is consistent in itself, and yet another than comes of the inputs. */
export const inventing = <Outcome>(name: string, change: Change<Outcome>): Forgery<Outcome> =>
  changing(name, change, 'B');

/** A list with its first entry, or the first that `find` takes, changed; undefined where there is none. */
export function withFirst<Entry>(
  entries: readonly Entry[],
  change: (entry: Entry) => unknown,
  find: (entry: Entry) => boolean = () => true,
): unknown[] | undefined {
  const at = entries.findIndex(find);
  if (at < 0) return undefined;
  return entries.map((entry, index) => (index === at ? change(entry) : entry));
}
