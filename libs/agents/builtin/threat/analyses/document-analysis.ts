import { posix } from 'node:path';
import type { DocumentAnalysis } from '../../../../contracts/reports/threat.js';
import { byCodeUnit } from '../../subject/order.js';
import type { Description } from '../description/description.js';
import type { Document } from '../description/read-document.js';
import { isExposed } from '../graph/attack-graph.js';
import { conclude, Findings } from './conclude.js';

/** What the documents say of the infrastructure, and whether it is so. */
export function analyseDocuments(description: Description): DocumentAnalysis {
  const { documents, services } = description;
  const findings = new Findings('document-analysis');
  const unread = findings.addUnread(description, 'document');
  const names = new Set(services.map(({ name }) => name));
  if (documents.length === 0) findings.add('no-documents', 'major', null, 'The description has no document.');
  const links = documents.map((document) => checkLinks(description, document, findings));
  for (const document of documents) checkClaims(document, findings);

  const listed = documents.flatMap(({ file, listed: own }) => own.map((one) => ({ ...one, file })));
  const unknown = listed.filter(({ name }) => !names.has(name));
  for (const { name, file, line } of unknown)
    findings.add(
      'unknown-service',
      'major',
      { file, line },
      `The document lists ${name}, which is no service.`,
    );
  const documented = services.filter(({ name }) =>
    documents.some((document) => mentions(document.text, name)),
  );
  const undocumented = services.filter((service) => !documented.includes(service));
  if (documents.length > 0)
    for (const { name, place } of undocumented)
      findings.add('undocumented-service', 'minor', place, `No document mentions the service ${name}.`);

  const runbookTexts = documents.flatMap(runbooksOf);
  const runbooks = services.filter(({ name }) => runbookTexts.some((text) => mentions(text, name)));
  for (const service of services)
    if (
      (service.role === 'store' || service.role === 'queue' || isExposed(service)) &&
      !runbooks.includes(service)
    )
      findings.add(
        'no-runbook',
        'minor',
        service.place,
        `No runbook is about ${service.name}, which ${isExposed(service) ? 'is exposed' : 'keeps state'}.`,
      );

  return {
    kind: 'document-analysis',
    ...conclude(findings.all, {
      checked: documents.length + sum(links.map(({ sound }) => sound)) + documented.length,
      unchecked: unread + sum(links.map(({ stale }) => stale)) + undocumented.length + unknown.length,
    }),
    documents: documents.map(({ file, title, sections, links: own, claims }) => ({
      file,
      title,
      sections: sections.length,
      links: own.length,
      claims: claims.map((claim) => ({ ...claim })),
    })),
    services: {
      documented: documented.map(({ name }) => name),
      undocumented: undocumented.map(({ name }) => name),
      unknown: [...new Set(unknown.map(({ name }) => name))].sort(byCodeUnit),
    },
    runbooks: runbooks.map(({ name }) => name),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Whether a text names a service: its name as a word, also where hyphens and dots are parts of words. */
function mentions(text: string, name: string): boolean {
  const wanted = name.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${wanted}(?![\\w-])`).test(text.toLowerCase());
}

/** Texts that say what to do: documents called a runbook as a whole, else their sections that are. */
function runbooksOf({ file, title, sections, text }: Document): string[] {
  const isRunbook = (called: string): boolean => /run-?book|playbook|on-?call/i.test(called);
  if (isRunbook(posix.basename(file)) || isRunbook(title ?? '')) return [text];
  return sections.filter((section) => isRunbook(section.title)).map((section) => section.text);
}

function checkClaims({ file, claims, placeholders, sections }: Document, findings: Findings): void {
  if (!claims.some(({ says }) => /^(?:owners?|contact|maintainer)$/.test(says)))
    findings.add('no-owner', 'minor', { file, line: 1 }, 'The document names no owner.');
  if (!claims.some(({ says }) => /reviewed|next review/.test(says)))
    findings.add('no-review', 'minor', { file, line: 1 }, 'The document does not say when it was reviewed.');
  for (const { text, line } of placeholders)
    findings.add('placeholder', 'minor', { file, line }, `Something is still to be written: ${text}`);
  for (const { title, text, line, level } of sections)
    if (level > 1 && text.trim() === '' && !hasPartsWithin(sections, line, level))
      findings.add('empty-section', 'minor', { file, line }, `The section "${title}" is empty.`);
}

function hasPartsWithin(sections: Document['sections'], line: number, level: number): boolean {
  const next = sections.find((section) => section.line > line);
  return next !== undefined && next.level > level;
}

/** Links to files of the subject and to sections; addresses elsewhere cannot be looked at and are left aside. */
function checkLinks(
  { files, documents }: Description,
  { file, links }: Document,
  findings: Findings,
): { sound: number; stale: number } {
  let sound = 0;
  let stale = 0;
  for (const { url, line } of links) {
    const problem = linkProblem(url, file, files, documents);
    if (problem === null) continue;
    if (problem === '') sound += 1;
    else {
      stale += 1;
      findings.add('stale-link', 'minor', { file, line }, problem);
    }
  }
  return { sound, stale };
}

/** A sentence where a link leads nowhere, empty where it is sound, null where it leads out of the subject. */
function linkProblem(
  url: string,
  file: string,
  files: ReadonlySet<string>,
  documents: readonly Document[],
): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(url)) return null;
  const [path = '', anchor = ''] = decoded(url).split('#');
  const bare = path.split('?')[0] ?? '';
  const target =
    bare === ''
      ? file
      : posix
          .normalize(bare.startsWith('/') ? bare.slice(1) : posix.join(posix.dirname(file), bare))
          .replace(/\/$/, '');
  const isFolder = target === '.' || [...files].some((one) => one.startsWith(`${target}/`));
  if (!files.has(target) && !isFolder) return `The link leads to ${target}, which is not there.`;
  const document = documents.find((one) => one.file === target);
  if (
    anchor !== '' &&
    document !== undefined &&
    !document.sections.some((section) => section.anchor === anchor)
  )
    return `The link leads to the section #${anchor} of ${target}, which is not there.`;
  return '';
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // A percent sign that begins no code stands for itself.
    return url;
  }
}
