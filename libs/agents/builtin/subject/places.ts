/** Where a program finds its things. Absolute paths; in a sandbox they are always the same ones. */
export interface Places {
  /** The subject. Read-only unless the agent writes. */
  readonly workspace: string;
  /** Its installed packages; the folder need not exist. */
  readonly nodeModules: string;
  /** The subject as it was captured, for programs that compare. */
  readonly before: string;
  /** Results of earlier items, one JSON file each. */
  readonly inputs: string;
  /** A private folder for whatever is temporary. */
  readonly scratch: string;
  /** What it leaves for others beside its answer; left out where nobody looks. */
  readonly outputs?: string;
}

/** The places inside a sandbox, as the driver mounts them. */
export const sandboxPlaces: Places = {
  workspace: '/subject/package',
  nodeModules: '/subject/node_modules',
  before: '/before',
  inputs: '/inputs',
  scratch: '/tmp',
  outputs: '/outputs',
};
