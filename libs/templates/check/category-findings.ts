import { builtinCategories } from '../../contracts/template.js';
import type { Draft } from './draft.js';
import type { Findings } from './findings.js';
import { orMeant } from './nearest-name.js';
import { pointer } from './pointer.js';

/** What is wrong with where discoveries and results lead: into a category whose work nobody takes up. */
export function checkCategories(draft: Draft, findings: Findings): void {
  const declared = Object.keys(draft.categories);
  const known = [...builtinCategories, ...declared];
  const done = new Set([...draft.items, ...draft.consumers].map(({ category }) => category));
  const consumed = new Set(
    draft.consumers.flatMap(({ consumes }) => (consumes?.kind === 'discovery' ? [consumes.category] : [])),
  );
  // A consumer whose category is misspelt takes up what is meant to be.
  const isTold = draft.consumers.some(({ consumes }) => !consumes || !known.includes(consumes.category));
  for (const [index, { category, name }] of draft.routes.entries()) {
    if (category === undefined) continue;
    const path = `/routes/${index}/category`;
    if (!known.includes(category))
      findings.problem(path, `There is no category "${category}"${orMeant(category, known)}`);
    else if (!consumed.has(category) && !isTold)
      findings.problem(
        path,
        `No consumer takes up discoveries of the category "${category}", so what the route "${name ?? index}" leads there would never be done.`,
      );
  }
  for (const [index, { consumes, id }] of draft.consumers.entries()) {
    if (!consumes) continue;
    const path = pointer('/consumers', index, 'consumes', 'category');
    if (!known.includes(consumes.category))
      findings.problem(
        path,
        `There is no category "${consumes.category}"${orMeant(consumes.category, known)}`,
      );
    else if (consumes.kind === 'result' && !done.has(consumes.category))
      findings.problem(
        path,
        `Nothing is done in the category "${consumes.category}", so "${id ?? index}" would never have a result to consume.`,
      );
  }
  const custom = declared.filter((name) => !builtinCategories.some((one) => one === name));
  for (const name of custom)
    if (!done.has(name) && !consumed.has(name))
      findings.warn(
        pointer('/categories', name),
        `No item has the category "${name}" and no consumer takes up its discoveries, so they would never be done.`,
      );
}
