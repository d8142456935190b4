import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the parts of this program are on disk, whether it runs from its sources or built. */
export interface ProgramPlaces {
  /** The folder with package.json. */
  readonly root: string;
  /** Node modules of the program; the tools of builtin agents are among them. */
  readonly modules: string;
  /** Built builtin agents, a file each. */
  readonly agents: string;
  /** The prebuilt workflow bundle. */
  readonly workflowBundle: string;
}

/** Finds the folder with package.json above this file; a fixed depth would differ between sources and `dist`. */
export function programPlaces(): ProgramPlaces {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return {
    root,
    modules: join(root, 'node_modules'),
    agents: join(root, 'dist', 'agents'),
    workflowBundle: join(root, 'dist', 'workflow-bundle.js'),
  };
}
