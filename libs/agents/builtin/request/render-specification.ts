import type { UnitOutcome } from './outcomes.js';
import { nothingSaid } from './read-markdown.js';
import { type Section, sections, sectionTitles } from './vocabulary.js';

/** A question with the lines that it comes from; none where it is about the whole request. */
export interface Question {
  readonly text: string;
  readonly lines: readonly number[];
}

export interface Specification {
  readonly units: readonly UnitOutcome[];
  /** Units that are said once more as acceptance criteria. */
  readonly derived: readonly UnitOutcome[];
  readonly questions: readonly Question[];
}

/**
 * The specification as Markdown: each unit in its section with the line that it comes from, what introduces others
 * above them, criteria as items that can be ticked, questions last.
 */
export function renderSpecification({ units, derived, questions }: Specification): string {
  const title = units.find(({ kind }) => kind === 'title');
  const definitions = units.filter(({ kind }) => kind === 'definition');
  const under = Map.groupBy(
    units.filter(({ kind }) => kind !== 'title' && kind !== 'definition'),
    (unit) => unit.under,
  );
  const listOf = (parent: number | null, section: Section, indent: string): string[] =>
    (under.get(parent) ?? [])
      .filter((unit) => parent !== null || unit.section === section)
      .flatMap((unit) => {
        const below = listOf(unit.number, section, `${indent}  `);
        return [...itemOf(unit, indent), ...below];
      });
  const blocks = sections.flatMap((section) => {
    const items = [
      ...listOf(null, section, ''),
      ...(section === 'criteria'
        ? derived.map((unit) => `- [ ] ${inItem(unit.text)} ${mark([unit.line])}`)
        : []),
      ...(section === 'questions' ? questions.map(questionItem) : []),
    ];
    return [`## ${sectionTitles[section]}`, items.length === 0 ? `*${nothingSaid}*` : joined(items)];
  });
  return `${[`# ${title?.text ?? 'Request'}`, ...blocks, ...definitions.map(({ text }) => text)].join('\n\n')}\n`;
}

/** Without blank lines at the end, and never two of them between items. */
const joined = (items: readonly string[]): string =>
  items.filter((item, at) => item !== '' || (items[at + 1] ?? '') !== '').join('\n');

function itemOf(unit: UnitOutcome, indent: string): string[] {
  const { kind, line, section, checked, text } = unit;
  if (kind !== 'sentence' && kind !== 'heading') {
    const shown = text
      .split('\n')
      .map((one) => (one === '' ? '' : `${indent}${unit.under === null ? '  ' : ''}${one}`));
    // Blank lines around it: a block of HTML would go on in what follows.
    return [...(unit.under === null ? [`${indent}- ${mark([line])}`] : []), '', shown.join('\n'), ''];
  }
  const box = checked === true ? '[x] ' : checked === false || section === 'criteria' ? '[ ] ' : '';
  return [`${indent}- ${box}${inItem(text)} ${mark([line])}`];
}

const questionItem = ({ text, lines }: Question): string =>
  lines.length === 0 ? `- ${text}` : `- ${text} ${mark(lines)}`;

const mark = (lines: readonly number[]): string =>
  `*(${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')})*`;

/** A sentence that would begin a list, heading, quote, rule, task or definition is kept from it by a backslash. */
function inItem(text: string): string {
  const number = /^(\d{1,9})([.)])(?=\s|$)/.exec(text);
  if (number) return `${number[1]}\\${text.slice(number[1]?.length ?? 0)}`;
  return /^(?:[-+*](?=\s|$)|#{1,6}(?=\s|$)|>|\||`{3}|~{3}|\[[ xX]\](?=\s|$)|\[[^\]]*\]:|([-*_])(?:\s*\1){2,}\s*$|=+\s*$|-+\s*$)/.test(
    text,
  )
    ? `\\${text}`
    : text;
}
