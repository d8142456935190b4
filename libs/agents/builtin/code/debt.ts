import type { Finding } from '../../../contracts/reports/finding.js';
import { complexityOf, complexityRule, isComplexity } from '../linters/complexity.js';

/** Above these a function or a file is technical debt. The reference page `agents` repeats them. */
const debtLimits = {
  complexity: 10,
  functionLines: 50,
  fileLines: 300,
  depth: 4,
  parameters: 5,
} as const;

const lines = { skipBlankLines: true, skipComments: true };

/** Oxlint's rules for technical debt. Those of complexity are also how every function is counted and measured. */
export const debtRules: Readonly<Record<string, unknown>> = {
  ...complexityRule,
  'max-depth': ['warn', { max: debtLimits.depth }],
  'max-lines': ['warn', { max: debtLimits.fileLines, ...lines }],
  'max-lines-per-function': ['warn', { max: debtLimits.functionLines, ...lines }],
  'max-params': ['warn', { max: debtLimits.parameters }],
  'no-warning-comments': ['warn', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
};

const names = new Set(Object.keys(debtRules).map((rule) => `eslint(${rule})`));

/** Whether a finding is about technical debt. */
export const isDebt = (finding: Finding): boolean => finding.tool === 'oxlint' && names.has(finding.rule);

/** Splits oxlint's findings: each function's complexity by file, and the findings, of complexity only those over the limit. */
export function readComplexity(findings: readonly Finding[]): {
  complexities: Map<string, number[]>;
  findings: Finding[];
} {
  const complexities = new Map<string, number[]>();
  const kept: Finding[] = [];
  for (const finding of findings) {
    if (!isComplexity(finding)) {
      kept.push(finding);
      continue;
    }
    const complexity = complexityOf(finding);
    const file = finding.file ?? '';
    complexities.set(file, [...(complexities.get(file) ?? []), complexity]);
    if (complexity > debtLimits.complexity) {
      kept.push({
        ...finding,
        message: finding.message.replace(
          /Maximum allowed is \d+/,
          `Maximum allowed is ${debtLimits.complexity}`,
        ),
      });
    }
  }
  return { complexities, findings: kept };
}
