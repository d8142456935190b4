import { posix } from 'node:path';
import type { ArchitectureReport } from '../../../contracts/reports/architecture.js';

/** Well-known names of configuration files, by what they configure. */
const known: readonly (readonly [RegExp, string])[] = [
  [/^package\.json$/, 'package'],
  [/^(?:package-lock|npm-shrinkwrap)\.json$|^yarn\.lock$|^pnpm-lock\.yaml$|^bun\.lockb?$/, 'dependencies'],
  [/^\.npmrc$|^\.yarnrc(?:\.yml)?$|^pnpm-workspace\.yaml$|^bower\.json$|^component\.json$/, 'packages'],
  [/^\.npmignore$/, 'publishing'],
  [/^\.gitignore$|^\.gitattributes$|^\.gitmodules$/, 'version control'],
  [/^tsconfig(?:\..+)?\.json$|^jsconfig\.json$/, 'compiler'],
  [/^\.babelrc(?:\..+)?$|^babel\.config\.[cm]?js(?:on)?$|^\.swcrc$/, 'compiler'],
  [/^(?:webpack|rollup|vite|esbuild|tsup|rspack)\.config\.[cm]?[jt]s$/, 'bundler'],
  [/^(?:gulpfile|gruntfile|jakefile)\.[cm]?js$|^makefile$|^\.parcelrc$/i, 'build'],
  [/^\.eslintrc(?:\..+)?$|^eslint\.config\.[cm]?[jt]s$|^\.eslintignore$/, 'linter'],
  [
    /^biome\.jsonc?$|^\.oxlintrc\.json$|^\.jshintrc$|^\.jslintrc$|^\.jscsrc$|^\.jshintignore$|^tslint\.json$/,
    'linter',
  ],
  [/^\.prettierrc(?:\..+)?$|^prettier\.config\.[cm]?js$|^\.editorconfig$/, 'formatting'],
  [
    /^\.mocharc(?:\..+)?$|^mocha\.opts$|^(?:jest|vitest|karma|ava)\.(?:config|conf)\.[cm]?[jt]s$|^jest\.config\.json$/,
    'tests',
  ],
  [/^\.nycrc(?:\..+)?$|^\.c8rc(?:\.json)?$|^\.istanbul\.yml$|^codecov\.yml$|^\.coveralls\.yml$/, 'coverage'],
  [
    /^\.travis\.yml$|^appveyor\.yml$|^\.appveyor\.yml$|^\.gitlab-ci\.yml$|^jenkinsfile$|^circle\.yml$/i,
    'continuous integration',
  ],
  [/^dockerfile(?:\..+)?$|^\.dockerignore$|^(?:docker-)?compose(?:\..+)?\.ya?ml$/i, 'container'],
  [/^\.env(?:\..+)?$/, 'environment'],
  [/^\.node-version$|^\.nvmrc$|^\.tool-versions$/, 'runtime'],
  [/^\.browserslistrc$/, 'browsers'],
  [/^renovate\.json$|^\.renovaterc(?:\.json)?$|^dependabot\.yml$/, 'updates'],
];

/** The files that configure the subject, recognised by name. */
export function configurationFiles(files: readonly string[]): ArchitectureReport['configuration'] {
  return files.flatMap((file) => {
    const name = posix.basename(file);
    const configures = /^\.github\/workflows\/[^/]+\.ya?ml$|^\.circleci\/config\.yml$/.test(file)
      ? 'continuous integration'
      : known.find(([pattern]) => pattern.test(name))?.[1];
    return configures === undefined ? [] : [{ file, configures }];
  });
}
