import type { Finding } from '../../../contracts/reports/finding.js';
import type { LintPlaces } from './biome.js';
import { lintWithOxlint, type OxlintConfiguration } from './oxlint.js';

/** Oxlint's rule, asked for from 0 on, so that its messages measure every function. */
export const complexityRule: Readonly<Record<string, unknown>> = { complexity: ['warn', { max: 0 }] };

const onlyComplexity: OxlintConfiguration = { categories: { correctness: 'off' }, rules: complexityRule };

/** Whether a finding says how complex a function is. */
export const isComplexity = ({ tool, rule }: Finding): boolean =>
  tool === 'oxlint' && rule === 'eslint(complexity)';

/** The cyclomatic complexity of one function that such a finding states. */
export const complexityOf = ({ message }: Finding): number =>
  Number(/ has a complexity of (\d+)\./.exec(message)?.[1] ?? 0);

/** The complexities that findings state, summed. */
export const sumOfComplexity = (findings: readonly Finding[]): number =>
  findings.filter(isComplexity).reduce((sum, finding) => sum + complexityOf(finding), 0);

/**
 * Cyclomatic complexity of these files, summed over their functions.
 *
 * @throws TaskFailure AgentFailed: oxlint did not answer with a report
 */
export const measureComplexity = async (places: LintPlaces, files: readonly string[]): Promise<number> =>
  sumOfComplexity(await lintWithOxlint(places, files, onlyComplexity));
