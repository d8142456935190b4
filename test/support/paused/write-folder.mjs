import { basename } from 'node:path';
import * as shipped from '../../../dist/libs/packaging/write-folder.js';
import { pause } from './pause.mjs';

export * from '../../../dist/libs/packaging/write-folder.js';

const nameOf = (target) => basename(target).replace(/^run-.*/, 'package');

/** Stands still when half of the files are written. */
export async function writeBeside(store, target, files) {
  const half = files.length >> 1;
  let read = 0;
  const slowly = {
    stream: async function* (digest) {
      if (read++ === half) await pause(import.meta.url, `${nameOf(target)}-half-written`);
      yield* store.stream(digest);
    },
  };
  return await shipped.writeBeside(slowly, target, files);
}

/** Stands still when a folder has its name, and nobody was told. */
export async function publish(temporary, target) {
  const published = await shipped.publish(temporary, target);
  await pause(import.meta.url, `${nameOf(target)}-published`);
  return published;
}
