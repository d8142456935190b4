import { candidateNames } from '../synthesis/candidate-names.js';
import type { DeliveredResult } from './choose-delivered.js';

/** What is delivered, in words: `Model D`, `candidate A repaired`. */
export function deliveredName({ candidate, standing, judgement }: DeliveredResult): string {
  if (candidate === 'D') return 'Model D';
  return `candidate ${candidateNames(judgement.standings).get(standing.item) ?? candidate}`;
}
