import type { AnalysedUnit } from './analyse-request.js';
import { phrasePattern, plainPhrase } from './phrases.js';
import { comparators, type Vagueness, vagueWords } from './vocabulary.js';

export interface VagueWord {
  readonly at: number;
  readonly text: string;
  readonly leaves: Vagueness;
}

const kinds = new Map<string, Vagueness>(
  (Object.keys(vagueWords) as Vagueness[]).flatMap((leaves) =>
    vagueWords[leaves].map((word) => [word, leaves]),
  ),
);
const words = phrasePattern([...kinds.keys()].filter((word) => word !== '???'));
const unanswered = /(?<!\S)\?{3,}/g;
const bounds = phrasePattern(comparators.map(([phrase]) => phrase).filter((phrase) => /\w/.test(phrase)));
const quoted = /"[^"\n]{1,200}"|“[^”\n]{1,200}”/g;

/**
 * Words of a unit that leave something open. What stands in quotes is mentioned, not said; and what is measured in the
 * same sentence leaves no measure and no amount open.
 */
export function findVague({ masked, quantities }: AnalysedUnit): VagueWord[] {
  const blank = (text: string): string => ' '.repeat(text.length);
  const said = masked.replaceAll(quoted, blank).replaceAll(bounds, blank);
  const measured = quantities.length > 0;
  return [
    ...[...said.matchAll(words)].map(({ 0: text, index }) => ({
      at: index,
      text,
      leaves: kinds.get(plainPhrase(text)) ?? 'quality',
    })),
    ...[...said.matchAll(unanswered)].map(({ 0: text, index }) => ({
      at: index,
      text,
      leaves: 'placeholder' as const,
    })),
  ]
    .filter(({ leaves }) => !(measured && (leaves === 'measure' || leaves === 'amount')))
    .sort((a, b) => a.at - b.at);
}
