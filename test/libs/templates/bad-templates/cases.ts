/** How a template differs from `sound.yaml`, and everything that is told of it: `LINE:COLUMN PATH: SENTENCE`. */
export interface BadTemplate {
  readonly says: string;
  /** What stands in the sound one, and what in its place. */
  readonly change: readonly [from: string, to: string];
  readonly told: readonly string[];
}

export const badTemplates: readonly BadTemplate[] = [
];
