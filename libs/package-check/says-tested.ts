import { stagedPackageSchema } from '../contracts/phase.js';
import { layout } from '../packaging/layout.js';
import { documentIn } from './read-document.js';
import type { PackageFolder } from './read-folder.js';

/**
 * Whether a package says that tests were run on what it delivers; then it has to attest them. Without a word to the
 * contrary it has to. That its word is true is shown by what is attested, and by the verdicts on what was staged.
 */
export const saysTested = (folder: PackageFolder): boolean =>
  documentIn(folder, layout.reports.staged, stagedPackageSchema)?.validation !== null;
