import * as shipped from '../../../dist/libs/packaging/assemble.js';
import { pause } from './pause.mjs';

export * from '../../../dist/libs/packaging/assemble.js';

/** Stands still when everything is staged, and nobody was told. */
export async function assemblePackage(...args) {
  const staged = await shipped.assemblePackage(...args);
  await pause(import.meta.url, 'package-staged');
  return staged;
}
