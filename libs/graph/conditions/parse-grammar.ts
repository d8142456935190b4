import {
  EmbeddedActionsParser,
  type IRecognitionException,
  type IToken,
  type ParserMethod,
  type TokenType,
} from 'chevrotain';
import type {
  Comparator,
  Expression,
  FactPath,
  FactRefOrList,
  Literal,
  Operand,
} from '../../contracts/condition.js';
import {
  And,
  CloseRound,
  CloseSquare,
  Comma,
  Comparison,
  Dot,
  Exists,
  False,
  Field,
  In,
  Name,
  Not,
  Null,
  Numeral,
  OpenRound,
  OpenSquare,
  Or,
  Text,
  True,
  tokenTypes,
} from './parse-tokens.js';

/** Where something stands in a text, in UTF-16 code units from 0; `parts` are names of a fact, elements of a list. */
export interface Place {
  readonly offset: number;
  readonly length: number;
  readonly parts?: readonly Place[];
}

/** What the rules of the grammar expect, where it is not there. The sentences are made in `parse-problems.ts`. */
export const expected = {
  condition: 'a condition',
  comparison: 'a comparison',
  value: 'a value or a fact',
  element: 'a written value',
  list: "a list such as ['a', 'b'] or a fact that is one",
  fact: 'a fact such as risk.level',
  field: 'a field such as .level',
  name: 'a name in quotes',
  in: 'IN',
  closeSquare: '"]"',
  commaOrClose: '"," or "]"',
  closeRound: 'AND, OR or ")"',
  end: 'AND, OR or the end',
} as const;

/** What follows the left side of a comparison: it makes the comparison of the two. */
type Tail = (left: Operand) => Expression;

/** Reads the tokens of a condition. After `condition`, `errors` has the first thing that does not fit. */
export class ConditionParser extends EmbeddedActionsParser {
  /** Where expressions, sides of comparisons, facts and lists stand. */
  places = new Map<object, Place>();

  constructor() {
    const own = ({ customUserDescription = '' }: { customUserDescription?: string }) => customUserDescription;
    super(tokenTypes, {
      // One token tells the alternatives of every rule apart.
      maxLookahead: 1,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected: type }) => type.name,
        buildNotAllInputParsedMessage: () => expected.end,
        buildNoViableAltMessage: own,
        buildEarlyExitMessage: own,
      },
    });
    this.performSelfAnalysis();
  }

  read(tokens: IToken[]): { expression: Expression; error: IRecognitionException | undefined } {
    this.places = new Map();
    this.input = tokens;
    const expression = this.condition();
    return { expression, error: this.errors[0] };
  }

  private readonly condition: ParserMethod<[], Expression> = this.RULE('condition', () =>
    this.SUBRULE(this.disjunction),
  );

  private readonly disjunction: ParserMethod<[], Expression> = this.RULE('disjunction', () => {
    const of: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: Or,
      DEF: () => of.push(this.SUBRULE(this.conjunction)),
      ERR_MSG: expected.condition,
    });
    return this.ACTION(() => this.joined('or', of));
  });

  private readonly conjunction: ParserMethod<[], Expression> = this.RULE('conjunction', () => {
    const of: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: And,
      DEF: () => of.push(this.SUBRULE(this.negation)),
      ERR_MSG: expected.condition,
    });
    return this.ACTION(() => this.joined('and', of));
  });

  private readonly negation: ParserMethod<[], Expression> = this.RULE('negation', () => {
    const nots: IToken[] = [];
    // A loop, not a rule within itself: many of them must not overflow the call stack.
    this.MANY(() => nots.push(this.CONSUME(Not)));
    const inner = this.SUBRULE(this.primary);
    return this.ACTION(() =>
      nots.reduceRight<Expression>((of, token) => this.placed({ op: 'not', of }, token), inner),
    );
  });

  private readonly primary: ParserMethod<[], Expression> = this.RULE('primary', () =>
    this.OR({
      ERR_MSG: expected.condition,
      DEF: [
        {
          ALT: () => {
            this.CONSUME(OpenRound);
            const inner = this.SUBRULE(this.disjunction);
            this.CONSUME(CloseRound, { ERR_MSG: expected.closeRound });
            return inner;
          },
        },
        {
          ALT: (): Expression => {
            const first = this.CONSUME(Exists);
            const fact = this.SUBRULE1(this.fact);
            return this.ACTION(() => this.placed({ op: 'exists', fact }, first));
          },
        },
        {
          ALT: (): Expression => {
            const first = this.LA(1);
            const fact = this.SUBRULE2(this.fact);
            const tail = this.OPTION(() => this.SUBRULE3(this.tail));
            return this.ACTION(() =>
              tail ? this.compared(tail, { fact }, first) : this.placed({ op: 'is', fact }, first),
            );
          },
        },
        {
          ALT: (): Expression => {
            const first = this.LA(1);
            const value = this.SUBRULE4(this.literal);
            const tail = this.SUBRULE5(this.tail);
            return this.ACTION(() => this.compared(tail, this.placed({ value }, first, first), first));
          },
        },
      ],
    }),
  );

  private readonly tail: ParserMethod<[], Tail> = this.RULE('tail', () =>
    this.OR({
      ERR_MSG: expected.comparison,
      DEF: [
        {
          ALT: (): Tail => {
            const comparator = this.CONSUME(Comparison);
            const right = this.SUBRULE1(this.operand);
            return (left) => ({ op: comparator.image as Comparator, left, right });
          },
        },
        {
          ALT: (): Tail => {
            this.CONSUME(Not);
            this.CONSUME1(In, { ERR_MSG: expected.in });
            const right = this.SUBRULE2(this.list);
            return (left) => ({ op: 'not', of: { op: 'in', left, right } });
          },
        },
        {
          ALT: (): Tail => {
            this.CONSUME2(In);
            const right = this.SUBRULE3(this.list);
            return (left) => ({ op: 'in', left, right });
          },
        },
      ],
    }),
  );

  private readonly operand: ParserMethod<[], Operand> = this.RULE('operand', () =>
    this.OR({
      ERR_MSG: expected.value,
      DEF: [
        {
          ALT: (): Operand => {
            const fact = this.SUBRULE(this.fact);
            return { fact };
          },
        },
        {
          ALT: (): Operand => {
            const first = this.LA(1);
            const value = this.SUBRULE(this.literal);
            return this.ACTION(() => this.placed({ value }, first, first));
          },
        },
      ],
    }),
  );

  private readonly list: ParserMethod<[], FactRefOrList> = this.RULE('list', () =>
    this.OR({
      ERR_MSG: expected.list,
      DEF: [
        {
          ALT: (): FactRefOrList => {
            const fact = this.SUBRULE(this.fact);
            return { fact };
          },
        },
        {
          ALT: (): FactRefOrList => {
            const list: Literal[] = [];
            const parts: Place[] = [];
            const first = this.CONSUME(OpenSquare);
            this.OR1({
              ERR_MSG: expected.element,
              DEF: [
                { ALT: () => this.CONSUME1(CloseSquare) },
                {
                  ALT: () => {
                    this.AT_LEAST_ONE_SEP({
                      SEP: Comma,
                      DEF: () => {
                        const element = this.LA(1);
                        list.push(this.SUBRULE(this.literal));
                        parts.push(placeOf(element, element));
                      },
                    });
                    this.CONSUME2(CloseSquare, { ERR_MSG: expected.commaOrClose });
                  },
                },
              ],
            });
            return this.ACTION(() => {
              this.places.set(list, { ...placeOf(first, this.LA(0)), parts });
              return { list };
            });
          },
        },
      ],
    }),
  );

  private readonly literal: ParserMethod<[], Literal> = this.RULE('literal', () =>
    this.OR({
      ERR_MSG: expected.element,
      DEF: [
        {
          ALT: (): Literal => {
            const { image } = this.CONSUME(Text);
            return this.ACTION(() => textOf(image));
          },
        },
        { ALT: (): Literal => numberOf(this.CONSUME(Numeral).image) },
        { ALT: (): Literal => this.constant(True, true) },
        { ALT: (): Literal => this.constant(False, false) },
        { ALT: (): Literal => this.constant(Null, null) },
      ],
    }),
  );

  private readonly fact: ParserMethod<[], FactPath> = this.RULE('fact', () => {
    const root = this.CONSUME(Name, { ERR_MSG: expected.fact });
    const path = [root.image];
    const parts = [placeOf(root, root)];
    this.AT_LEAST_ONE({
      ERR_MSG: expected.field,
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              const field = this.CONSUME(Field);
              path.push(field.image.slice(1));
              parts.push({ offset: field.startOffset + 1, length: field.image.length - 1 });
            },
          },
          {
            ALT: () => {
              this.OPTION(() => this.CONSUME(Dot));
              this.CONSUME(OpenSquare, { ERR_MSG: expected.field });
              const name = this.CONSUME(Text, { ERR_MSG: expected.name });
              this.CONSUME(CloseSquare, { ERR_MSG: expected.closeSquare });
              this.ACTION(() => {
                path.push(textOf(name.image));
                parts.push(placeOf(name, name));
              });
            },
          },
        ]),
    });
    return this.ACTION(() => {
      this.places.set(path, { ...placeOf(root, this.LA(0)), parts });
      return path;
    });
  });

  private constant<T>(type: TokenType, value: T): T {
    this.CONSUME(type);
    return value;
  }

  private compared(tail: Tail, left: Operand, first: IToken): Expression {
    const whole = tail(left);
    // NOT IN is an IN within a NOT; both stand in the same place.
    if (whole.op === 'not') this.placed(whole.of, first);
    return this.placed(whole, first);
  }

  private joined(op: 'and' | 'or', of: readonly Expression[]): Expression {
    const [first, ...others] = of;
    return first && others.length === 0 ? first : { op, of };
  }

  /** Remembers where it stands: from a token to another, by default the last one that was read. */
  private placed<T extends object>(node: T, first: IToken, last: IToken = this.LA(0)): T {
    this.places.set(node, placeOf(first, last));
    return node;
  }
}

const placeOf = (first: IToken, last: IToken): Place => ({
  offset: first.startOffset,
  length: last.startOffset + last.image.length - first.startOffset,
});

// JSON and comparisons know one zero only.
const numberOf = (image: string): number => Number(image) || 0;

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What a text in quotes says; `parse-condition.ts` has checked its escapes. */
const textOf = (image: string): string =>
  image
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string | undefined, letter: string) =>
      code === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
    );
