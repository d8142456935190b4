import { HeptadError } from '../protocol/errors.js';

/** What a sentence says. */
export interface Said {
  /** The subject as it was written. */
  readonly subject: string;
  /** Where it stands in the sentence, quotes included: first character, and the one after the last. */
  readonly place: readonly [number, number];
  readonly test?: { readonly command: string; readonly tools: Readonly<Record<string, string>> };
}

/** Verbs that ask for `repository-review`. */
export const verbs = [
  'review',
  'check',
  'analyse',
  'analyze',
  'inspect',
  'audit',
  'improve',
  'fix',
  'repair',
  'clean up',
];

/** What may follow `and`: it says again what the review does anyway, so nothing that it cannot do is accepted. */
export const goals = [
  'fix it',
  'fix what is wrong',
  'fix everything',
  'fix the problems',
  'repair it',
  'repair what is wrong',
  'improve it',
  'correct what is wrong',
  'clean it up',
];

const example =
  'review npm:ejs@1.0.0 and fix what is wrong with tests "mocha test/" using mocha@10.8.2, should@3.3.2';

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly place: readonly [number, number];
}

/**
 * Reads a sentence by a fixed grammar (docs/reference/classification.md); it is no model, and guesses nothing:
 *
 *     [please] VERB SUBJECT [and GOAL] [with tests "COMMAND" [using TOOL@VERSION, …]] [.]
 *
 * @throws HeptadError `RequestNotUnderstood`, which says where it stopped and what can be said
 */
export function parseSentence(sentence: string): Said {
  const words = new Words(tokens(sentence));
  words.take('please');
  if (!verbs.some((verb) => words.take(verb)))
    throw notUnderstood(words.at('a verb'), `The verb is one of: ${verbs.join(', ')}.`);
  const subject = words.value();
  if (subject === undefined) throw notUnderstood(words.at('the subject'), subjectSays);
  if (words.take('and') && !goals.some((goal) => words.take(goal)))
    throw notUnderstood(words.at('what to do'), `After "and" comes one of: ${goals.join(', ')}.`);
  const test = words.take('with tests') || words.take('with test') ? readTest(words) : undefined;
  if (!words.ended()) throw notUnderstood(words.at('the end'), 'Nothing else can be said there.');
  const said = { subject: subject.text, place: subject.place };
  return test === undefined ? said : { ...said, test };
}

const subjectSays =
  'The subject is npm:NAME@VERSION, a folder, or a git URL or path; in quotes where it has spaces.';

function readTest(words: Words): Said['test'] {
  const command = words.quoted()?.text;
  if (command === undefined)
    throw notUnderstood(words.at('the test command'), 'The command stands in quotes.');
  const tools: [string, string][] = [];
  if (words.take('using')) {
    do {
      const tool = words.value()?.text;
      const [, name, version] = /^(@?[^@]+)@(.+)$/.exec(tool ?? '') ?? [];
      if (name === undefined || version === undefined)
        throw notUnderstood(
          tool === undefined ? words.at('a tool') : `at ${JSON.stringify(tool)}`,
          'A tool is written NAME@VERSION.',
        );
      tools.push([name, version]);
    } while (words.take(',') || words.take('and'));
  }
  return { command, tools: Object.fromEntries(tools) };
}

function notUnderstood(where: string, says: string): HeptadError {
  return new HeptadError(
    'RequestNotUnderstood',
    `The request was not understood ${where}. ${says} ` +
      'A request reads: VERB SUBJECT [and GOAL] [with tests "COMMAND" [using TOOL@VERSION, …]]. ' +
      `For example: ${example}`,
    { problems: [{ path: '/request', reason: `Not understood ${where}. ${says}` }] },
  );
}

/** Words by whitespace, texts by quotes (a backslash keeps the character after it), commas; without a last full stop. */
function tokens(sentence: string): Token[] {
  const found: Token[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(,)(?=\s|$)|(,(?!\s)|[^\s,]+)/gsu;
  for (const { 0: all, 1: double, 2: single, 3: comma, 4: word, index } of sentence.matchAll(pattern)) {
    const place = [index, index + all.length] as const;
    const quoted = double ?? single;
    if (quoted !== undefined) found.push({ text: quoted.replaceAll(/\\(.)/gsu, '$1'), quoted: true, place });
    else found.push({ text: comma ?? word ?? '', quoted: false, place });
  }
  const last = found.at(-1);
  if (last === undefined || last.quoted || !/[^.!][.!]$/.test(last.text)) return found;
  const [from, to] = last.place;
  return [...found.slice(0, -1), { text: last.text.slice(0, -1), quoted: false, place: [from, to - 1] }];
}

/** The tokens of a sentence, read from left to right. */
class Words {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  /** Whether these words come next, in any case; then they are read. */
  take(words: string): boolean {
    const wanted = words.split(' ');
    const found = this.#tokens.slice(this.#next, this.#next + wanted.length);
    const same =
      found.length === wanted.length && found.every((token, place) => isWord(token, wanted[place]));
    if (same) this.#next += wanted.length;
    return same;
  }

  /** The next token as it is written, word or quoted text; undefined at the end and at a comma. */
  value(): Token | undefined {
    const token = this.#tokens[this.#next];
    if (token === undefined || token.text === '' || (token.text === ',' && !token.quoted)) return undefined;
    this.#next += 1;
    return token;
  }

  /** The next token, where it is a quoted text that says something. */
  quoted(): Token | undefined {
    return this.#tokens[this.#next]?.quoted ? this.value() : undefined;
  }

  ended(): boolean {
    return (
      this.#next >= this.#tokens.length || this.#tokens.slice(this.#next).every((token) => isWord(token, '.'))
    );
  }

  /** Where reading stopped, for people. */
  at(expected: string): string {
    const token = this.#tokens[this.#next];
    return token === undefined
      ? `at its end, where ${expected} is missing`
      : `at ${JSON.stringify(token.text.slice(0, 80))}`;
  }
}

const isWord = ({ text, quoted }: Token, wanted: string | undefined): boolean =>
  !quoted && text.toLowerCase() === wanted;
