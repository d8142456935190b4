/** Imported before a built program, this gives it another roster than the one that is shipped. */
import { registerHooks } from 'node:module';

const other = new URL('roster.mjs', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const replaced = found.url.endsWith('/dist/libs/roster/roster.js') && context.parentURL !== other;
    return replaced ? { ...found, url: other } : found;
  },
});
