import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Linter } from 'eslint';
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

/**
 * Applies eslint's fixes in place, with its recommended rules or with those of modern style as well. Files in
 * TypeScript are left as they are: eslint alone does not parse them.
 */
export async function fixWithEslint(
  workspace: string,
  files: readonly string[],
  all: boolean,
): Promise<void> {
  const { Linter: EslintLinter } = await import('eslint/universal');
  const linter = new EslintLinter({ configType: 'flat' });
  const type = readPackage(workspace).type;
  for (const file of files.filter((name) => /\.[cm]?jsx?$/.test(name))) {
    const path = join(workspace, file);
    const before = readFileSync(path, 'utf8');
    const fixed = sourceTypes(file, type).map((sourceType) =>
      linter.verifyAndFix(
        before,
        [
          {
            files: ['**/*'],
            languageOptions: {
              ecmaVersion: 'latest',
              sourceType,
              parserOptions: { ecmaFeatures: { jsx: file.endsWith('x') } },
            },
            rules: all ? { ...recommended, ...modern } : recommended,
          },
        ],
        { filename: file },
      ),
    );
    const output = fixed.find(({ messages }) => !messages.some(({ fatal }) => fatal))?.output ?? before;
    if (output !== before) writeFileSync(path, output);
  }
}

/** In which forms a file may be read, the declared one first: like Node, it may be a module without saying so. */
function sourceTypes(file: string, type: string): ('module' | 'commonjs')[] {
  if (file.endsWith('.mjs')) return ['module'];
  if (file.endsWith('.cjs')) return ['commonjs'];
  return type === 'module' ? ['module'] : ['commonjs', 'module'];
}
