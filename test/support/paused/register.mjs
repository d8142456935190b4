/**
 * Imported before a built program, this makes it stand still at points of its work until it is killed, where a mark of
 * the name is in a folder: the `at` of this module's own address.
 */
import { registerHooks } from 'node:module';

const replaced = ['libs/packaging/assemble', 'libs/packaging/write-folder', 'libs/merge/kept-evaluations'];
const { search } = new URL(import.meta.url);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const name = replaced.find((path) => found.url.endsWith(`/dist/${path}.js`));
    if (name === undefined) return found;
    const other = new URL(`${name.split('/').at(-1)}.mjs${search}`, import.meta.url).href;
    return context.parentURL === other ? found : { ...found, url: other };
  },
});
