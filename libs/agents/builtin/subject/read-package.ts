import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const names = z.record(z.string(), z.string()).catch({});

/** What the programs want of a `package.json`; whatever has another form than expected is taken as absent. */
const packageSchema = z.object({
  name: z.string().nullable().catch(null).default(null),
  version: z.string().nullable().catch(null).default(null),
  description: z.string().nullable().catch(null).default(null),
  private: z.boolean().catch(false).default(false),
  type: z.string().catch('commonjs').default('commonjs'),
  main: z.string().nullable().catch(null).default(null),
  module: z.string().nullable().catch(null).default(null),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .nullable()
    .catch(null)
    .default(null),
  exports: z.unknown().optional(),
  files: z.array(z.string()).nullable().catch(null).default(null),
  license: z.unknown().optional(),
  licenses: z.unknown().optional(),
  scripts: names.default({}),
  engines: names.default({}),
  dependencies: names.default({}),
  devDependencies: names.default({}),
  peerDependencies: names.default({}),
  optionalDependencies: names.default({}),
});
export type PackageJson = z.infer<typeof packageSchema>;

const largest = 1024 * 1024;

/** Reads a folder's `package.json`; a missing, oversized or unreadable one is an empty package. */
export function readPackage(folder: string): PackageJson {
  const path = join(folder, 'package.json');
  const usable = existsSync(path) && statSync(path).isFile() && statSync(path).size <= largest;
  return packageSchema
    .catch(() => packageSchema.parse({}))
    .parse(usable ? parsed(readFileSync(path, 'utf8')) : {});
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return {};
  }
}
