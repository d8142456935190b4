import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ParsedRequest } from '../../../libs/contracts/request.js';
import type { CapturedSubject } from '../../../libs/contracts/subject.js';
import { type Template, templateSchema } from '../../../libs/contracts/template.js';
import { categoryRules } from '../../../libs/intake/categories.js';
import { classify, complexityOf } from '../../../libs/intake/classify.js';
import { parseRequest } from '../../../libs/intake/parse-request.js';
import { goals, verbs } from '../../../libs/intake/parse-sentence.js';
import { findTemplate } from '../../../libs/templates/load.js';

const { template: review } = findTemplate('repository-review');
const request = parseRequest({ template: 'repository-review', input: { subject: 'npm:ejs@1.0.0' } });

const captured = (files = 10): CapturedSubject => ({
  subject: request.subject,
  title: 'npm:ejs@1.0.0',
  snapshot: { digest: `sha256:${'0'.repeat(64)}`, files, bytes: 1000 },
});

const asking = (...capabilities: string[]): Template =>
  templateSchema.parse({
    ...review,
    items: capabilities.map((capability, index) => ({
      id: `item-${index}`,
      title: 'Item',
      category: 'analysis',
      work: { kind: 'agent', capability },
      done: { says: 'Done.', expression: 'EXISTS result.kind' },
      expects: 'code',
    })),
  });

const saying = (sentence: string, subject = 'npm:ejs@1.0.0'): ParsedRequest => ({
  ...request,
  input: { subject },
  sentence,
});

describe('the category', () => {
  it.each(categoryRules.flatMap(({ category, words }) => words.map((word) => [word, category] as const)))(
    'of a sentence with %s is %s',
    (word, category) => {
      expect(classify(saying(`${word} npm:ejs@1.0.0`), captured(), review).category).toBe(category);
    },
  );

  it.each(
    categoryRules.flatMap(({ category, capabilities }) =>
      capabilities.map((head) => [head, category] as const),
    ),
  )('of a template that asks for %s.x is %s', (head, category) => {
    expect(classify(request, captured(), asking(`${head}.x`)).category).toBe(category);
  });

  it('of a text is told by its first line alone', () => {
    const text = (said: string): ParsedRequest => ({ ...request, subject: { kind: 'text', text: said } });
    expect(classify(text('Explain caching.\nDeploy it.'), captured(), review).category).toBe('educational');
    expect(classify(text('Caching.\nDeploy it.'), captured(), review).category).toBe('technical');
  });

  it('of what speaks for several is complex', () => {
    expect(classify(saying('review and deploy npm:ejs@1.0.0'), captured(), review).category).toBe('complex');
    expect(classify(request, captured(), asking('analyse.x', 'deploy.y')).category).toBe('complex');
  });

  it('of a very large subject is complex, whatever was said', () => {
    expect(classify(request, captured(4999), review).category).toBe('technical');
    const { category, reasons } = classify(request, captured(5000), review);
    expect(category).toBe('complex');
    expect(reasons[0]).toBe('subject: 5000 files, from 5000 on it is complex');
  });

  it('does not follow from the name of the subject or from the test command', () => {
    const sentence = 'review npm:deploy-performance@1.0.0 with tests "teach agents"';
    expect(classify(saying(sentence, 'npm:deploy-performance@1.0.0'), captured(), review).category).toBe(
      'technical',
    );
  });

  it('is technical where no rule has an answer, and says so', () => {
    const { category, reasons } = classify(request, captured(), asking('unheard.of'));
    expect({ category, reason: reasons[0] }).toEqual({
      category: 'technical',
      reason: 'default: no other rule has an answer',
    });
  });
});

describe('the complexity', () => {
  it.each([
    [1, 'simple'],
    [2, 'moderate'],
    [5, 'moderate'],
    [6, 'complex'],
    [50, 'complex'],
    [51, 'highly complex'],
  ] as const)('of %i agents is %s', (agents, complexity) => {
    expect(complexityOf(agents)).toBe(complexity);
  });

  it('counts each candidate, and no barrier', () => {
    expect(classify(request, captured(), review)).toMatchObject({ agents: 9, complexity: 'complex' });
  });
});

describe('the route', () => {
  it('of repository-review leads to those who divide the work, consolidate it, and do it', () => {
    const { layers, reasons } = classify(request, captured(), review);
    expect(layers).toEqual(['executive', 'stack-chief', 'specialist', 'micro']);
    expect(reasons.filter((reason) => reason.startsWith('layer '))).toHaveLength(4);
  });

  it('of a single task leads to no chief', () => {
    expect(classify(request, captured(), asking('analyse.x')).layers).toEqual(['specialist', 'micro']);
  });

  it('of what operates a system leads to the board, and of more than 50 agents to the top', () => {
    expect(classify(request, captured(), asking('deploy.x')).layers).toEqual([
      'board',
      'specialist',
      'micro',
    ]);
    const many = asking(...Array.from({ length: 51 }, () => 'analyse.x'));
    expect(classify(request, captured(), many).layers).toEqual([
      'cecca',
      'board',
      'executive',
      'specialist',
      'micro',
    ]);
  });
});

describe('the reference page', () => {
  const page = readFileSync(new URL('../../../docs/reference/classification.md', import.meta.url), 'utf8');

  it('has every rule as it is', () => {
    for (const { category, words, capabilities } of categoryRules)
      expect(page).toContain(`| ${category} | ${words.join(', ')} | ${capabilities.join(', ')} |`);
  });

  it('has the grammar as it is', () => {
    expect(page).toContain(`| VERB | ${verbs.join(', ')} |`);
    expect(page).toContain(`| GOAL | ${goals.join(', ')} |`);
  });
});
