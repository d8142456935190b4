import { statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../subject/list-files.js';

/** A page that is larger is not read. Bytes. */
const largest = 1024 * 1024;

/** The pages that document a package. */
export interface Pages {
  readonly readme: string | null;
  readonly changelog: string | null;
  readonly guides: readonly string[];
}

const readme = /^readme(?:\.(?:md|markdown|txt|rst))?$/i;
const changelog = /^(?:changelog|changes|history|releases?|news)(?:\.(?:md|markdown|txt|rst))?$/i;
const guide = /^(?:docs?|guides?)\/.*\.(?:md|markdown)$/i;

/** README and changelog at the root, guides in Markdown below `doc`, `docs`, `guide` and `guides`. */
export function findPages(folder: string): Pages {
  const files = listFiles(folder).filter((file) => statSync(join(folder, file)).size <= largest);
  return {
    readme: files.find((file) => readme.test(file)) ?? null,
    changelog: files.find((file) => changelog.test(file)) ?? null,
    guides: files.filter((file) => guide.test(file)),
  };
}

/** Whether a page is read as Markdown; others are only searched for names. */
export const isMarkdown = (file: string): boolean => /\.(?:md|markdown)$/i.test(file);
