import type { Classification } from '../contracts/request.js';

export type Category = Classification['category'];

/** What speaks for a category: words of the sentence, and first parts of the capabilities that a template asks for. */
export interface CategoryRule {
  readonly category: Category;
  readonly words: readonly string[];
  readonly capabilities: readonly string[];
}

/** The rules as data. `complex` has none of its own: it is what more than one of these is. */
export const categoryRules: readonly CategoryRule[] = [
  {
    category: 'creative',
    words: ['write', 'design', 'compose', 'draft', 'invent', 'imagine'],
    capabilities: ['create', 'design', 'write'],
  },
  {
    category: 'technical',
    words: [
      'review',
      'check',
      'analyse',
      'analyze',
      'inspect',
      'audit',
      'improve',
      'fix',
      'repair',
      'clean',
      'correct',
    ],
    capabilities: ['analyse', 'improve', 'validate', 'test'],
  },
  {
    category: 'educational',
    words: ['explain', 'teach', 'learn', 'document', 'tutorial'],
    capabilities: ['explain', 'teach', 'document'],
  },
  {
    category: 'system operation',
    words: ['deploy', 'install', 'configure', 'restart', 'migrate', 'backup'],
    capabilities: ['operate', 'deploy', 'configure'],
  },
  {
    category: 'agent orchestration',
    words: ['orchestrate', 'delegate', 'coordinate', 'agents'],
    capabilities: ['orchestrate', 'delegate'],
  },
  {
    category: 'performance optimisation',
    words: ['optimise', 'optimize', 'faster', 'slow', 'performance', 'latency'],
    capabilities: ['optimise', 'profile'],
  },
];

/** From so many files on, the subject itself makes a request complex. */
export const manyFiles = 5000;
