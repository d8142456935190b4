import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import type { Word as LanguageWord } from './words.js';

/** What is often written by habit from other languages, and means nothing here. Read first, to say so. */
export const Slip = createToken({
  name: 'Slip',
  pattern: /===|!==|<>|=>|=<|&&?|\|\|?|=(?!=)|!(?!=)|[+*/%]|-(?!\d)|[“”„‘’`]/,
});

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED });

/** A word of the language, unless it is the id of an item, which a dot follows. */
const word = (name: LanguageWord): TokenType =>
  createToken({ name, pattern: new RegExp(`${name}(?![\\w.-])`, 'i') });
export const And = word('and');
export const Or = word('or');
export const Not = word('not');
export const In = word('in');
export const Exists = word('exists');
export const True = word('true');
export const False = word('false');
export const Null = word('null');

/** What a fact begins with. */
export const Name = createToken({ name: 'Name', pattern: /[a-z_][\w-]*/i });
/** A further name of a fact, with the dot before it. */
export const Field = createToken({ name: 'Field', pattern: /\.[\w-]+/ });
export const Dot = createToken({ name: 'Dot', pattern: /\./ });

export const Numeral = createToken({ name: 'Numeral', pattern: /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i });
export const Text = createToken({
  name: 'Text',
  pattern: /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/,
  line_breaks: true,
});
/** A text without its closing quote: it goes on to the end. */
export const OpenText = createToken({ name: 'OpenText', pattern: /['"][\s\S]*/, line_breaks: true });

export const Comparison = createToken({ name: 'Comparison', pattern: /==|!=|<=|>=|<|>/ });
export const OpenRound = createToken({ name: 'OpenRound', pattern: /\(/ });
export const CloseRound = createToken({ name: 'CloseRound', pattern: /\)/ });
export const OpenSquare = createToken({ name: 'OpenSquare', pattern: /\[/ });
export const CloseSquare = createToken({ name: 'CloseSquare', pattern: /\]/ });
export const Comma = createToken({ name: 'Comma', pattern: /,/ });

export const tokenTypes: TokenType[] = [
  Space,
  Slip,
  And,
  Or,
  Not,
  In,
  Exists,
  True,
  False,
  Null,
  Name,
  Numeral,
  Field,
  Dot,
  Text,
  OpenText,
  Comparison,
  OpenRound,
  CloseRound,
  OpenSquare,
  CloseSquare,
  Comma,
];

const lexer = new Lexer(tokenTypes, { positionTracking: 'onlyOffset' });

/** The tokens of a text, and the places where it has characters that belong to none. */
export function tokensOf(text: string): { tokens: IToken[]; strange: { offset: number; length: number }[] } {
  const { tokens, errors } = lexer.tokenize(text);
  return { tokens, strange: errors.map(({ offset, length }) => ({ offset, length })) };
}
