import { type Expression, factRoots } from '../../contracts/condition.js';
import type { TemplateItem } from '../../contracts/template.js';
import { checkCondition, type Scope } from '../../graph/conditions/check-condition.js';
import { type DeclaredFacts, declaredFacts, itemFacts } from '../../graph/conditions/declared-facts.js';
import { evaluate } from '../../graph/conditions/evaluate.js';
import { factsOf } from '../../graph/conditions/facts-of.js';
import { factsIn, type ParsedCondition, parseCondition } from '../../graph/conditions/parse-condition.js';
import { uncoveredExample } from '../../graph/conditions/uncovered.js';
import type { Catalogue, Entry } from './catalogue.js';
import type { Draft } from './draft.js';
import type { Findings } from './findings.js';
import { discoveryFacts, outcomeSchema } from './outcome-schema.js';

/** What facts there are at some place of a template. */
export interface FactsThere {
  /** In words, such as `the input and of items before it`. */
  readonly says: string;
  readonly items: boolean;
  /** The facts of `input`, `result` and `discovery`, where they are known there. */
  readonly roots: Readonly<Partial<Record<(typeof factRoots)[number], DeclaredFacts>>>;
}

/** A condition that was read, and where. */
export interface ReadCondition {
  readonly path: string;
  readonly parsed: ParsedCondition;
  readonly there: FactsThere;
  /** Whether nothing is wrong with it. */
  readonly sound: boolean;
}

/** Ids that are looked through for one that may have been meant. */
const mostCompared = 500;

/** Different conditions that are tried out for whether they hold always or never; each takes up to some milliseconds. */
const mostTried = 200;

const anything = declaredFacts(true);

/** Reads the conditions of a template, and checks them against what is declared. */
export class Conditions {
  readonly #facts = new Map<Entry, DeclaredFacts>();
  readonly #verdicts = new Map<string, 'always' | 'never' | 'open'>();
  readonly #suggested: readonly string[];

  constructor(
    private readonly draft: Draft,
    private readonly catalogue: Catalogue,
    private readonly findings: Findings,
  ) {
    const ids = [...catalogue.ids()];
    this.#suggested = ids.length > mostCompared ? [] : ids;
  }

  get input(): DeclaredFacts {
    return this.draft.input ? declaredFacts(this.draft.input) : anything;
  }

  /** The facts of a result that keeps to what a body declares. */
  resultOf(body: Partial<TemplateItem>): DeclaredFacts {
    return declaredFacts(outcomeSchema(this.draft, body) ?? true);
  }

  get discovery(): DeclaredFacts {
    return declaredFacts(discoveryFacts());
  }

  /** A condition, where it is one; what is wrong with it is told. */
  read(text: string | undefined, path: string, there: FactsThere): ReadCondition | undefined {
    if (text === undefined) return undefined;
    const parsed = parseCondition(text);
    if ('problems' in parsed) {
      for (const { reason, offset } of parsed.problems) this.findings.problem(path, reason, offset);
      return undefined;
    }
    const before = this.findings.problems.length;
    for (const { fact, offset } of factsIn(parsed)) {
      const [root = ''] = fact;
      if (!this.isThere(root, there))
        this.findings.problem(path, `"${root}" is not known here: there are facts of ${there.says}.`, offset);
    }
    const roots = [...Object.keys(there.roots), ...(there.items ? this.#suggested : [])];
    for (const { reason, offset } of checkCondition(parsed, this.scope(there), roots))
      this.findings.problem(path, reason, offset);
    return { path, parsed, there, sound: this.findings.problems.length === before };
  }

  /** Whether a condition holds always or never, as far as can be told. */
  verdictOn(
    { parsed: { expression }, there, sound }: ReadCondition,
    declared: boolean,
  ): 'always' | 'never' | 'open' {
    if (!sound) return 'open';
    if (factsOf(expression).length === 0)
      return evaluate(expression, () => undefined) === true ? 'always' : 'never';
    const key = JSON.stringify([expression, declared]);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    if (this.#verdicts.size >= mostTried) return 'open';
    const scope: Scope = declared ? this.scope(there) : () => undefined;
    const verdict =
      uncoveredExample([{ op: 'not', of: expression }], scope) === null
        ? 'never'
        : uncoveredExample([expression], scope) === null
          ? 'always'
          : 'open';
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  /** Facts for which none of some conditions holds; undefined where there are none, or it cannot be told. */
  exampleBeyond(conditions: readonly ReadCondition[]): readonly (readonly [string, unknown])[] | undefined {
    const [first] = conditions;
    if (!first || conditions.some(({ sound }) => !sound)) return undefined;
    const expressions: Expression[] = conditions.map(({ parsed }) => parsed.expression);
    const example = uncoveredExample(expressions, this.scope(first.there));
    return example ? Object.entries(example) : undefined;
  }

  private isThere(root: string, { roots, items }: FactsThere): boolean {
    const name = factRoots.find((one) => one === root);
    return name === undefined ? items || !this.catalogue.find(root) : roots[name] !== undefined;
  }

  private scope({ roots, items }: FactsThere): Scope {
    return (root) => {
      const name = factRoots.find((one) => one === root);
      // That it is not known here has been told.
      if (name !== undefined) return roots[name] ?? anything;
      const entry = this.catalogue.find(root);
      if (entry) return items ? this.factsOf(entry) : anything;
      return this.catalogue.isBroken(root) ? anything : undefined;
    };
  }

  private factsOf(entry: Entry): DeclaredFacts {
    const known = this.#facts.get(entry);
    if (known) return known;
    const facts = itemFacts(outcomeSchema(this.draft, entry.item) ?? true);
    this.#facts.set(entry, facts);
    return facts;
  }
}
