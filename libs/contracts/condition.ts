import { z } from 'zod';

/** What stands in a condition as it is written: a quoted text, a number, `true`, `false` or `null`. */
export const literalSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Literal = z.infer<typeof literalSchema>;

/** What a fact can be: a literal, or a list of them. */
export const factValueSchema = z.union([literalSchema, z.array(literalSchema)]);
export type FactValue = z.infer<typeof factValueSchema>;

/**
 * Where a fact is: whose it is, then the names that lead to it, such as `['risk', 'confidence']`. Whose is an item's
 * id, or one of {@link factRoots}.
 */
export const factPathSchema = z.array(z.string()).min(2);
export type FactPath = z.infer<typeof factPathSchema>;

/** Whose facts there are beside those of items: the run's input, the result at hand, the discovery at hand. */
export const factRoots = ['input', 'result', 'discovery'] as const;

/** A side of a comparison. */
export const operandSchema = z.union([
  z.strictObject({ fact: factPathSchema }),
  z.strictObject({ value: literalSchema }),
]);
export type Operand = z.infer<typeof operandSchema>;

export const comparators = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof comparators)[number];

/**
 * A parsed condition, as it travels in the graph. Comparisons with a fact that is not there are unknown, and so is what
 * follows from them alone; see `libs/graph/conditions/evaluate.ts`.
 */
export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly op: 'in'; readonly left: Operand; readonly right: FactRefOrList }
  | { readonly op: 'exists'; readonly fact: FactPath }
  /** A fact that is true or false by itself. */
  | { readonly op: 'is'; readonly fact: FactPath };

/** What `IN` looks into: a written list, or a fact that is one. */
export type FactRefOrList = { readonly fact: FactPath } | { readonly list: readonly Literal[] };

export const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.strictObject({ op: z.enum(['and', 'or']), of: z.array(expressionSchema).min(1) }),
    z.strictObject({ op: z.literal('not'), of: expressionSchema }),
    z.strictObject({ op: z.enum(comparators), left: operandSchema, right: operandSchema }),
    z.strictObject({
      op: z.literal('in'),
      left: operandSchema,
      right: z.union([
        z.strictObject({ fact: factPathSchema }),
        z.strictObject({ list: z.array(literalSchema) }),
      ]),
    }),
    z.strictObject({ op: z.literal('exists'), fact: factPathSchema }),
    z.strictObject({ op: z.literal('is'), fact: factPathSchema }),
  ]),
);
