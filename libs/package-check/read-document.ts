import type { ZodType } from 'zod';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { parseJson } from '../artifacts/parse-json.js';
import { HeptadError } from '../protocol/errors.js';
import type { PackageFolder } from './read-folder.js';

/**
 * A document of a package, whose bytes must be its canonical JSON.
 *
 * @throws HeptadError `InputInvalid` it is not there, of another form, or written in another way
 */
export function readDocument<T>({ files }: PackageFolder, path: string, schema: ZodType<T>): T {
  const bytes = files.get(path)?.bytes;
  if (!bytes) throw new HeptadError('InputInvalid', `There is no ${path}.`);
  const document = parseJson(bytes, schema, path);
  if (canonicalJson(document) !== bytes.toString('utf8'))
    throw new HeptadError('InputInvalid', `${path} is not written as its canonical JSON.`);
  return document;
}

/** The same; undefined where it cannot be read, which a check of its own tells. */
export function documentIn<T>(folder: PackageFolder, path: string, schema: ZodType<T>): T | undefined {
  try {
    return readDocument(folder, path, schema);
  } catch {
    return undefined;
  }
}
