import type { Classification, ParsedRequest } from '../contracts/request.js';
import type { CapturedSubject } from '../contracts/subject.js';
import type { Template } from '../contracts/template.js';
import { expandTemplate } from '../graph/expand.js';
import { type Category, categoryRules, manyFiles } from './categories.js';
import { route } from './route.js';

/**
 * Classifies a request by the rules of docs/reference/classification.md, and routes it to layers. Deterministic;
 * `reasons` names each rule that fired, with what it saw.
 */
export function classify(
  parsed: ParsedRequest,
  captured: CapturedSubject,
  template: Template,
): Classification {
  const agents = expandTemplate(template).filter(({ capability }) => capability !== null);
  const { category, reason } = categoryOf(
    parsed,
    captured,
    agents.flatMap(({ capability }) => capability ?? []),
  );
  const complexity = complexityOf(agents.length);
  const routed = route(template, { category, complexity });
  return {
    category,
    complexity,
    agents: Math.max(1, agents.length),
    layers: routed.layers,
    reasons: [
      reason,
      `agents: ${agents.length} items ask for an agent, which is ${complexity}`,
      ...routed.reasons,
    ],
  };
}

/** 1 is simple, 2 to 5 moderate, 6 to 50 complex, more are highly complex. */
export function complexityOf(agents: number): Classification['complexity'] {
  if (agents <= 1) return 'simple';
  if (agents <= 5) return 'moderate';
  return agents <= 50 ? 'complex' : 'highly complex';
}

/** The first rule that has an answer: the size of the subject, the words that were said, the template's capabilities. */
function categoryOf(
  request: ParsedRequest,
  { snapshot }: CapturedSubject,
  capabilities: readonly string[],
): { category: Category; reason: string } {
  if (snapshot.files >= manyFiles)
    return {
      category: 'complex',
      reason: `subject: ${snapshot.files} files, from ${manyFiles} on it is complex`,
    };
  const words = wordsSaid(request);
  const said = categoryRules.filter((rule) => rule.words.some((word) => words.includes(word)));
  const bySaying = oneOf(said.map(({ category }) => category));
  if (bySaying)
    return { category: bySaying, reason: `words: ${said.map(({ category }) => category).join(', ')}` };
  const heads = new Set(capabilities.map((capability) => capability.split('.')[0] ?? ''));
  const asked = categoryRules.filter((rule) => rule.capabilities.some((head) => heads.has(head)));
  const byAsking = oneOf(asked.map(({ category }) => category));
  if (byAsking)
    return {
      category: byAsking,
      reason: `capabilities: ${asked.map(({ category }) => category).join(', ')}`,
    };
  return { category: 'technical', reason: 'default: no other rule has an answer' };
}

/** One category is itself, several are `complex`, none is none. */
const oneOf = ([first, ...others]: readonly Category[]): Category | undefined =>
  others.length > 0 ? 'complex' : first;

/** The words of the sentence, or of a text's first line: what follows there explains, and would speak for anything. */
function wordsSaid({ sentence, subject, input }: ParsedRequest): string[] {
  if (sentence !== undefined) return wordsOf(sentence, input);
  return subject.kind === 'text' ? wordsOf(subject.text.split('\n', 1)[0] ?? '', {}) : [];
}

/** The sentence's own words: neither the subject's name nor what stands in quotes says what kind of request it is. */
function wordsOf(sentence: string, { subject }: Readonly<Record<string, unknown>>): string[] {
  const own = sentence.replaceAll(/"[^"]*"|'[^']*'/g, ' ');
  return (
    (typeof subject === 'string' ? own.replaceAll(subject, ' ') : own).toLowerCase().match(/\p{L}+/gu) ?? []
  );
}
