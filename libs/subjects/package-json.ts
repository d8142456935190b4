import { z } from 'zod';
import { HeptadError } from '../protocol/errors.js';

// Old packages write an empty list where they have none.
const strings = z
  .union([z.record(z.string(), z.string()), z.tuple([]).transform((): Record<string, string> => ({}))])
  .default({});

const packageJsonSchema = z.object({
  dependencies: strings,
  devDependencies: strings,
  optionalDependencies: strings,
  peerDependencies: strings,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).default({}),
  scripts: z.object({ test: z.string().optional() }).default({}),
});

/** The parts of a package.json by which tests are found and dependencies fetched. */
export type PackageJson = z.infer<typeof packageJsonSchema>;

/**
 * @throws HeptadError `SubjectInvalid` with every problem
 */
export function parsePackageJson(value: unknown): PackageJson {
  const parsed = packageJsonSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HeptadError('SubjectInvalid', 'The package.json of the subject is not valid.', {
    problems: parsed.error.issues.map(({ path, message }) => ({
      path: `package.json/${path.map(String).join('/')}`,
      reason: message,
    })),
  });
}
