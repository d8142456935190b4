import { z } from 'zod';
import { dependenciesSchema, testPlanSchema } from '../../libs/contracts/subject.js';

/** How the subject's tests are run, and what they need: the artifact of `fetchDependencies`. */
export const environmentSchema = z.strictObject({
  test: testPlanSchema,
  dependencies: dependenciesSchema,
});
export type Environment = z.infer<typeof environmentSchema>;

/** Of a template that has no tests run. */
export const noEnvironment = { test: null, dependencies: null } as const;
