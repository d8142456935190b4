import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Linter, SourceCode } from 'eslint';
import type { JudgedSite, Site } from '../../../contracts/reports/change.js';
import { isReadable } from '../linters/eslint.js';
import { readPackage } from '../subject/read-package.js';
import { findBuiltInLoops } from './built-in-loops.js';
import { findLoopBounds, type LoopBound } from './loop-bounds.js';
import { findRepeatedComputations, type RepeatedComputation } from './repeated-computations.js';
import { functionOf, lineOf, type Node, nameOfFunction, readSource, type Source, startOf } from './source.js';

/** A place with what was found there. */
export interface Place {
  readonly site: JudgedSite;
  readonly bound?: LoopBound;
  readonly repeated?: RepeatedComputation;
}

interface Found extends Omit<Place, 'site'> {
  readonly rule: Site['rule'];
  readonly node: Node;
  readonly text: string;
  /** What of the text stays as it is when another place of the same statement is changed. */
  readonly known: string;
  readonly reasons: readonly string[];
}

const noChange = 'Heptad has no change for this kind of place; it is for a person to look at.';

/** Every place of a source where work is done again and again, in the order of the text, each judged. */
export function placesOf({ file, code }: Source): Place[] {
  const seen = new Map<string, number>();
  return foundIn(code)
    .sort((a, b) => startOf(a.node) - startOf(b.node))
    .map(({ rule, node, text, known, reasons, ...found }) => {
      const within = nameOfFunction(code, functionOf(node)).slice(0, 60);
      const place = [rule, file, within, flat(known)].join(' | ');
      const count = (seen.get(place) ?? 0) + 1;
      seen.set(place, count);
      const site: JudgedSite = {
        rule,
        file,
        line: lineOf(node),
        code: flat(text),
        key: count === 1 ? place : `${place} (${count})`,
        safe: reasons.length === 0,
        reasons: reasons.slice(0, 10).map((reason) => reason.slice(0, 300)),
      };
      return { site, ...found };
    });
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 120);

const foundIn = (code: SourceCode): Found[] => [
  ...findLoopBounds(code).map((bound): Found => {
    const { loop, name, reasons } = bound;
    const text = code.getText('test' in loop ? (loop.test as Node) : loop);
    return { rule: 'cache-loop-length', node: loop, text, known: `${name}.length`, reasons, bound };
  }),
  ...findRepeatedComputations(code).map((repeated): Found => {
    const { first, text, reasons } = repeated;
    return { rule: 'cache-computation', node: first, text, known: text, reasons, repeated };
  }),
  ...findBuiltInLoops(code).map(
    ({ node, what }): Found => ({
      rule: what === 'module' ? 'require-in-loop' : 'regexp-in-loop',
      node,
      text: code.getText(node),
      known: code.getText(node),
      reasons: [noChange],
    }),
  ),
];

/** The same of several files of a workspace. Files in TypeScript, and those that cannot be parsed, have none. */
export async function findSites(workspace: string, files: readonly string[]): Promise<JudgedSite[]> {
  const { Linter: EslintLinter } = await import('eslint/universal');
  const linter: Linter = new EslintLinter({ configType: 'flat' });
  const { type } = readPackage(workspace);
  return files.filter(isReadable).flatMap((file) => {
    const source = readSource(linter, file, readFileSync(join(workspace, file), 'utf8'), type);
    return source === null ? [] : placesOf(source).map(({ site }) => site);
  });
}

/** A place without its judgement. */
export const unjudged = ({ rule, file, line, code, key }: JudgedSite): Site => ({
  rule,
  file,
  line,
  code,
  key,
});
