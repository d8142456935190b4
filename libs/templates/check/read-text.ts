import { type Alias, type Document, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import { duplicateInJson } from './duplicate-in-json.js';
import { Places } from './places.js';
import { plainYaml } from './plain-yaml.js';
import type { TemplateProblem } from './template-problem.js';

/** Largest text of a template, in bytes: one of as many items as are possible fits. */
export const largestTemplate = 8 * 1024 * 1024;

/** Aliases that a text may have. */
const mostAliases = 100;

/** How often what aliases stand for may be written out. */
const mostAliased = 100;

/** A text that was read, as far as it could be. */
export interface ReadText {
  /** What it says; undefined where it cannot be told. */
  readonly value?: unknown;
  /** Looked up when there is something to say, because finding the places takes longer than reading the text. */
  readonly places: () => Places;
  readonly problems: readonly TemplateProblem[];
}

/** Reads YAML 1.2 or JSON. A field that is there twice is a problem in both. */
export function readText(text: string): ReadText {
  if (Buffer.byteLength(text) > largestTemplate)
    return refused(`It is larger than ${largestTemplate} bytes.`);
  const read = asJson(text) ?? plainYaml(text);
  if (!read) return readYaml(text);
  let places: Places | undefined;
  // Asked for once for each thing that is said.
  const looked = (): Places => {
    places ??= readYaml(text).places();
    return places;
  };
  return { value: read.value, places: looked, problems: [] };
}

function readYaml(text: string): ReadText {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
    const places = new Places(text, document, lines);
    const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
    if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return refused(tooDeep);
    const problems = untilFirstOfSyntax(errors).map(({ code, message, pos: [position] }) => ({
      path: places.pathAt(position),
      ...places.at(position),
      reason: code === 'DUPLICATE_KEY' ? 'The field is there twice.' : `${message.replace(/\.$/, '')}.`,
    }));
    if (errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { places: () => places, problems };
    const aliases = aliasesIn(document);
    // Each is looked up in the whole text, so that many would take long whatever they stand for.
    if (aliases.length > mostAliases)
      return refused(`It has more than ${mostAliases} aliases; write out what they stand for.`);
    const lost = lostAliases(aliases, document, places);
    if (lost.length > 0) return { places: () => places, problems: [...problems, ...lost] };
    return { value: written(document), places: () => places, problems };
  } catch (error) {
    // Both are thrown for texts that were made to be too much: aliases of aliases, brackets in brackets.
    if (error instanceof ReferenceError)
      return refused('Its aliases stand for too much, or for themselves; write out what they stand for.');
    if (error instanceof RangeError) return refused(tooDeep);
    throw error;
  }
}

/** What follows from text that is no YAML is told no more: most of it would not be there without that. */
function untilFirstOfSyntax(errors: readonly YAMLError[]): YAMLError[] {
  const sorted = [...errors].sort((one, other) => one.pos[0] - other.pos[0]);
  const first = sorted.findIndex(({ code }) => code !== 'DUPLICATE_KEY');
  return first === -1 ? sorted : sorted.slice(0, first + 1);
}

const tooDeep = 'It is nested too deeply.';

function aliasesIn(document: Document.Parsed): Alias[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      aliases.push(alias);
    },
  });
  return aliases;
}

/** Aliases of what there is not. */
function lostAliases(
  aliases: readonly Alias[],
  document: Document.Parsed,
  places: Places,
): TemplateProblem[] {
  return aliases.flatMap((alias) => {
    if (alias.resolve(document)) return [];
    const position = alias.range?.[0] ?? 0;
    const reason = `There is no anchor "&${alias.source}" before it.`;
    return [{ path: places.pathAt(position), ...places.at(position), reason }];
  });
}

/** @throws ReferenceError, RangeError as the parser does */
const written = (document: Document.Parsed): unknown => document.toJS({ maxAliasCount: mostAliased });

/** The value of JSON text, which is read many times faster than as YAML; undefined where it is none, or ambiguous. */
function asJson(text: string): { value: unknown } | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return duplicateInJson(text) ? undefined : { value };
  } catch {
    // It is YAML in braces, or is read as YAML to tell where it is wrong.
    return undefined;
  }
}

function refused(reason: string): ReadText {
  const lines = new LineCounter();
  const places = new Places('', parseDocument('', { lineCounter: lines }), lines);
  return { places: () => places, problems: [{ path: '', line: 1, column: 1, reason }] };
}
