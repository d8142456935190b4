import { candidateNames } from '../synthesis/candidate-names.js';
import type { DeliveredResult } from './delivered-result.js';

/** What is delivered, in words: `Model D`, `candidate A repaired`, `the result of document`, `reports alone`. */
export function deliveredName({ candidate, item, standing, judgement }: DeliveredResult): string {
  if (!standing) return item === null ? 'reports alone' : `the result of ${item}`;
  if (candidate === 'D') return 'Model D';
  return `candidate ${candidateNames(judgement.standings).get(standing.item) ?? candidate}`;
}
