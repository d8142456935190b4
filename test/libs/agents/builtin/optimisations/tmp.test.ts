import { test } from 'vitest';
import { findSites } from '../../../../../libs/agents/builtin/optimisations/sites.js';
import { libraryFiles } from '../../../../../libs/agents/builtin/subject/library-files.js';
import { analyseChange } from '../../../../../libs/agents/builtin/change-analysis/analyse-change.js';
import { placesFor, taskWith } from '../../support/places.js';
test('x', async () => {
  for (const folder of [`${import.meta.dirname}/../../../../fixtures/stockroom`, '/tmp/casc/package']) {
    const places = placesFor(folder);
    console.log(JSON.stringify(await findSites(places.workspace, libraryFiles(places.workspace)), null, 1));
    const { outcome } = await analyseChange(places, taskWith({}));
    console.log(JSON.stringify(outcome, null, 1));
  }
});
