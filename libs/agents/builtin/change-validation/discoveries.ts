import type { Discovery } from '../../../contracts/discovery.js';
import { type JudgedSite, siteRules } from '../../../contracts/reports/change.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import { cut, listed } from '../change-analysis/pieces.js';
import { ruleName } from '../mending/rule-names.js';
import { unjudged } from '../optimisations/sites.js';
import { byCodeUnit } from '../subject/order.js';

const common = { blockedBy: [], visibility: { kind: 'public' } } as const satisfies Partial<Discovery>;

const kinds: Readonly<Record<(typeof siteRules)[number], string>> = {
  'cache-loop-length': 'a length that a loop asks for in each round',
  'cache-computation': 'a computation that is repeated',
  'regexp-in-loop': 'a regular expression that is built in a loop',
  'require-in-loop': 'a module that is required in a loop',
};

/** Work that is done again and again. Whether it can be done once is for an analysis to say. */
export function optimisation(sites: readonly JudgedSite[], dismissed: readonly string[]): Discovery {
  const counts = siteRules
    .map((rule) => ({ what: kinds[rule], places: sites.filter((site) => site.rule === rule).length }))
    .filter(({ places }) => places > 0)
    .map(({ what, places }) => `${what} (${places})`);
  const files = unique(sites.map(({ file }) => file));
  return {
    ...common,
    description: cut(`Cache what is done again and again in ${listed(files, 5)}: ${counts.join(', ')}.`),
    kind: 'optimisation',
    priority: 'normal',
    done: cut(`Every place (${sites.length}) is judged safe to change or not, with a reason.`),
    tags: ['cache'],
    parameters: { sites: sites.map(unjudged), dismissed: [...dismissed] },
  };
}

/** Tests that passed in the baseline and do not now. */
export const testFailure = (tests: readonly string[], dismissed: readonly string[]): Discovery => ({
  ...common,
  description: cut(`${tests.length} tests of the baseline do not pass any more: ${listed(tests, 3)}.`),
  kind: 'test-failure',
  priority: 'critical',
  done: 'The files without whose change these tests pass are named, or it is said that there are none.',
  tags: ['tests'],
  parameters: { tests: tests.slice(0, 100), dismissed: [...dismissed] },
});

/** Files whose change breaks tests: they are put back. */
export const brokenBy = (files: readonly string[], dismissed: readonly string[]): Discovery => ({
  ...common,
  description: cut(`The change of ${listed(files, 5)} breaks tests that passed before it.`),
  kind: 'bug',
  priority: 'critical',
  done: cut(`No test that passed before fails; ${listed(files, 5)} are as they were captured.`),
  tags: ['tests'],
  parameters: { restore: [...files], dismissed: [...dismissed] },
});

/** Findings of weight that a change brought in. */
export function introducedBug(findings: readonly Finding[], dismissed: readonly string[]): Discovery {
  const rules = unique(findings.map(({ tool, rule }) => ruleName(tool, rule)));
  const files = unique(findings.map(({ file }) => file ?? ''));
  return {
    ...common,
    description: cut(
      `The change brought ${findings.length} findings into ${listed(files, 5)}: ${listed(rules, 5)}.`,
    ),
    kind: 'bug',
    priority: 'high',
    done: cut(`${listed(files, 5)} have no more findings of ${listed(rules, 5)}, or it is said why they do.`),
    tags: ['findings'],
    parameters: { rules, files, dismissed: [...dismissed] },
  };
}

const unique = (all: readonly string[]): string[] => [...new Set(all)].sort(byCodeUnit);
