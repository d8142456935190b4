import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { DocumentationGap } from '../../../contracts/reports/assurance.js';
import { entryPoints } from '../subject/entry-points.js';
import { readPackage } from '../subject/read-package.js';
import { isDeclaration, isSource } from '../subject/source-files.js';
import { exportedNames } from '../syntax/exported-names.js';
import { syntaxErrorOf } from '../syntax/syntax-error-of.js';
import { findPages, isMarkdown, type Pages } from './find-pages.js';
import { type Page, readMarkdown } from './read-markdown.js';

/** What a package's documentation holds, and what it lacks. */
export interface Documentation extends Pages {
  readonly exported: readonly string[];
  readonly documented: readonly string[];
  readonly examples: number;
  readonly links: number;
  readonly gaps: readonly DocumentationGap[];
}

/**
 * Holds a package's pages against the package: each exported name is mentioned in README or a guide, the changelog has
 * an entry of the version, examples parse, links within the package lead to something.
 *
 * @param withGuides whether guides are looked at beside the README
 */
export function findGaps(folder: string, withGuides: boolean): Documentation {
  const description = readPackage(folder);
  const found = findPages(folder);
  const pages: Pages = withGuides ? found : { ...found, guides: [] };
  const texts = new Map(
    [pages.readme, ...pages.guides].flatMap((file) =>
      file === null ? [] : [[file, readFileSync(join(folder, file), 'utf8')]],
    ),
  );
  const entries = entryPoints(folder, description).filter(
    ({ kind, file }) => kind === 'entry' && isSource(file) && !isDeclaration(file),
  );
  const exported = exportedNames(folder, [...new Set(entries.map(({ file }) => file))]);
  const all = [...texts.values()].join('\n');
  const documented = exported.filter((name) => mentions(all, name));
  const read = [...texts]
    .filter(([file]) => isMarkdown(file))
    .map(([file, text]) => ({ file, ...readMarkdown(text) }));
  return {
    ...pages,
    exported,
    documented,
    examples: read.reduce((sum, page) => sum + page.examples.length, 0),
    links: read.reduce((sum, page) => sum + page.links.filter(({ url }) => isWithin(url)).length, 0),
    gaps: [
      ...(pages.readme === null ? [gap('no-readme', null, '')] : []),
      ...exported
        .filter((name) => !documented.includes(name))
        .map((name) => gap('undocumented-export', pages.readme, name)),
      ...changelogGaps(folder, pages.changelog, description.version),
      ...read.flatMap((page) => [...brokenExamples(page), ...brokenLinks(folder, page)]),
    ],
  };
}

const gap = (kind: DocumentationGap['gap'], file: string | null, detail: string): DocumentationGap => ({
  gap: kind,
  file,
  detail: detail.slice(0, 300),
});

/** Whether a text has the name as a word of its own. */
function mentions(text: string, name: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(text);
}

function changelogGaps(folder: string, file: string | null, version: string | null): DocumentationGap[] {
  if (file === null) return [gap('no-changelog', null, '')];
  if (version === null) return [];
  const text = readFileSync(join(folder, file), 'utf8');
  const escaped = version.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const entry = new RegExp(`(?<![\\w.])v?${escaped}(?![\\w-]|\\.\\d)`);
  return entry.test(text) ? [] : [gap('no-changelog-entry', file, version)];
}

const brokenExamples = ({ file, examples }: Page & { file: string }): DocumentationGap[] =>
  examples.flatMap(({ language, text }) => {
    const error = syntaxErrorOf(text, `example.${language}`);
    const [first = ''] = text.trim().split('\n');
    return error === null ? [] : [gap('broken-example', file, `${first.slice(0, 80)} (${error})`)];
  });

/** A link to a place within the package: no other address, no heading of the same page. */
const isWithin = (url: string): boolean => url !== '' && !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url);

function brokenLinks(folder: string, { file, links }: Page & { file: string }): DocumentationGap[] {
  const urls = new Set(links.map(({ url }) => url).filter(isWithin));
  return [...urls].flatMap((url) => {
    const path = pathOf(url);
    const target = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(file), path);
    // What leads out of the package is a page of the site that shows it.
    if (target.startsWith('../') || target === '..') return [];
    return existsSync(join(folder, target)) ? [] : [gap('broken-link', file, url)];
  });
}

function pathOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
