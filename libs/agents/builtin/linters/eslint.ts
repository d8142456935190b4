import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint, Linter } from 'eslint';
import type { Finding } from '../../../contracts/reports/finding.js';
import { readPackage } from '../subject/read-package.js';

/** Rules of eslint that mend what they find and belong to its recommended set. */
const recommended: Linter.RulesRecord = {
  'no-extra-boolean-cast': 'error',
  'no-regex-spaces': 'error',
  'no-unsafe-negation': 'error',
  'no-unused-labels': 'error',
};

/** Rules of modern style that mend what they find; each keeps the meaning of the code by its own analysis. */
const modern: Linter.RulesRecord = {
  'dot-notation': 'error',
  eqeqeq: ['error', 'smart'],
  'logical-assignment-operators': 'error',
  'no-else-return': 'error',
  'no-extra-bind': 'error',
  'no-lonely-if': 'error',
  'no-undef-init': 'error',
  'no-unneeded-ternary': 'error',
  'no-useless-computed-key': 'error',
  'no-useless-rename': 'error',
  'no-useless-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'operator-assignment': 'error',
  'prefer-arrow-callback': 'error',
  'prefer-const': 'error',
  'prefer-exponentiation-operator': 'error',
  'prefer-numeric-literals': 'error',
  'prefer-object-spread': 'error',
  'prefer-template': 'error',
  yoda: 'error',
};

/** What eslint is to look for, and where those rules come from that it does not have itself. */
export interface EslintRules {
  readonly rules: Linter.RulesRecord;
  readonly plugins?: Record<string, ESLint.Plugin>;
}

/** The rules that eslint's improvements apply: its recommended ones, and with `all` those of modern style as well. */
export const eslintRules = (all: boolean): EslintRules => ({
  rules: all ? { ...recommended, ...modern } : recommended,
});

/**
 * Applies eslint's fixes in place, by the rules that are given for each file. Files in TypeScript are left as they are:
 * eslint alone does not parse them.
 */
export async function fixWithEslint(
  workspace: string,
  files: readonly string[],
  rulesOf: (file: string) => EslintRules,
): Promise<void> {
  const { Linter: EslintLinter } = await import('eslint/universal');
  const linter = new EslintLinter({ configType: 'flat' });
  const { type } = readPackage(workspace);
  for (const file of files.filter(isReadable)) {
    const path = join(workspace, file);
    const before = readFileSync(path, 'utf8');
    const fixed = sourceTypes(file, type).map((sourceType) =>
      linter.verifyAndFix(before, [configurationOf(file, sourceType, rulesOf(file))], { filename: file }),
    );
    const output = fixed.find(({ messages }) => !messages.some(({ fatal }) => fatal))?.output ?? before;
    if (output !== before) writeFileSync(path, output);
  }
}

/**
 * What eslint's rules find in these files and eslint itself can mend. Files in TypeScript, and those that cannot be
 * parsed, have nothing.
 */
export async function lintWithEslint(
  workspace: string,
  files: readonly string[],
  { rules }: EslintRules,
): Promise<Finding[]> {
  const { Linter: EslintLinter } = await import('eslint/universal');
  const linter = new EslintLinter({ configType: 'flat' });
  const { type } = readPackage(workspace);
  return files.filter(isReadable).flatMap((file) => {
    const text = readFileSync(join(workspace, file), 'utf8');
    const results = sourceTypes(file, type).map((sourceType) =>
      linter.verify(text, [configurationOf(file, sourceType, { rules })], { filename: file }),
    );
    const messages = results.find((all) => !all.some(({ fatal }) => fatal)) ?? [];
    return messages
      .filter(({ fix }) => fix !== undefined)
      .map(
        ({ ruleId, line, message }): Finding => ({
          tool: 'eslint',
          rule: ruleId ?? 'unknown',
          severity: ruleId !== null && ruleId in recommended ? 'major' : 'minor',
          file,
          line,
          message: message.slice(0, 1000),
        }),
      );
  });
}

/** Whether eslint alone can read a file: TypeScript is left aside. */
export const isReadable = (file: string): boolean => /\.[cm]?jsx?$/.test(file);

const configurationOf = (
  file: string,
  sourceType: 'module' | 'commonjs',
  { rules, plugins }: EslintRules,
): Linter.Config => ({
  files: ['**/*'],
  languageOptions: {
    ecmaVersion: 'latest',
    sourceType,
    parserOptions: { ecmaFeatures: { jsx: file.endsWith('x') } },
  },
  ...(plugins ? { plugins } : {}),
  rules,
});

/** In which forms a file may be read, the declared one first: like Node, it may be a module without saying so. */
export function sourceTypes(file: string, type: string): ('module' | 'commonjs')[] {
  if (file.endsWith('.mjs')) return ['module'];
  if (file.endsWith('.cjs')) return ['commonjs'];
  return type === 'module' ? ['module'] : ['commonjs', 'module'];
}
