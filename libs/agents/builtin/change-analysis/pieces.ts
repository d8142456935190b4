import type { Discovery } from '../../../contracts/discovery.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import type { Priority } from '../../../protocol/priorities.js';
import { countByRule } from '../linters/finding.js';
import { ruleName } from '../mending/rule-names.js';
import { byCodeUnit } from '../subject/order.js';

/** Work that can be done beside the other pieces, because no two have a file in common. */
export interface Piece {
  readonly files: readonly string[];
  readonly rules: readonly string[];
  readonly findings: readonly Finding[];
}

/** Rules that have something to mend only when another one has mended: a variable declared by `var` is no `let`. */
const followers: ReadonlyMap<string, string> = new Map([['eslint/no-var', 'eslint/prefer-const']]);

/**
 * Divides findings into at most so many pieces of disjoint files, with about as many findings each: the file with the
 * most goes to the piece with the fewest.
 */
export function piecesOf(findings: readonly Finding[], most: number): Piece[] {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings)
    if (finding.file !== null) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
  const files = [...byFile].sort(([a, one], [b, other]) => other.length - one.length || byCodeUnit(a, b));
  const pieces: { files: string[]; findings: Finding[] }[] = [];
  for (const [file, all] of files) {
    const smallest = pieces.toSorted((a, b) => a.findings.length - b.findings.length)[0];
    if (pieces.length < most || smallest === undefined) pieces.push({ files: [file], findings: all });
    else {
      smallest.files.push(file);
      smallest.findings.push(...all);
    }
  }
  return pieces.map((piece) => ({
    files: piece.files.sort(byCodeUnit),
    rules: withFollowers(piece.findings.map(({ tool, rule }) => ruleName(tool, rule))),
    findings: piece.findings,
  }));
}

const withFollowers = (rules: readonly string[]): string[] =>
  [...new Set(rules.flatMap((rule) => [rule, followers.get(rule) ?? rule]))].sort(byCodeUnit);

/** The discovery that has a piece done. */
export function discoveryOfPiece({ files, rules, findings }: Piece): Discovery {
  const top = countByRule(findings).map(({ rule, count }) => `${rule.split('/').at(-1)} ${count}`);
  return {
    // Nothing but what tells it from the other pieces: alike descriptions are taken for duplicates.
    description: cut(`${listed(files, 5)}: ${listed(top, 8)}.`),
    kind: 'other',
    category: 'implementation',
    priority: priorityOf(findings),
    done: cut(
      `No test that passed before fails, and each of ${listed(files, 5)} is mended or listed with a reason.`,
    ),
    blockedBy: [],
    tags: ['mend'],
    visibility: { kind: 'public' },
    parameters: { rules, files },
  };
}

function priorityOf(findings: readonly Finding[]): Priority {
  if (findings.some(({ severity }) => severity === 'critical')) return 'critical';
  if (findings.some(({ severity }) => severity === 'major')) return 'high';
  return findings.some(({ severity }) => severity === 'minor') ? 'normal' : 'low';
}

/** The first of a list, and how many more there are. */
export const listed = (all: readonly string[], most: number): string =>
  `${all.slice(0, most).join(', ')}${all.length > most ? ` and ${all.length - most} more` : ''}`;

/** A number with its noun. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A sentence of a discovery, which has at most 500 characters. */
export const cut = (text: string): string =>
  text.length <= 500 ? text : `${text.slice(0, 497).toWellFormed()}...`;
