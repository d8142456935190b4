import { z } from 'zod';
import type { Viewer } from '../../../libs/discovery/visible.js';
import type { Dependencies } from '../dependencies.js';
import type { RunReading } from './run-reading.js';

const labelSchema = z.string().min(1).max(50);

/** The query by which an asker says which discoveries it may see that are not its own. */
export const labelQuerySchema = z.strictObject({
  /** Labels that the asker has; may be given again and again. */
  label: z.union([labelSchema, z.array(labelSchema).max(20)]).optional(),
});
export type LabelQuery = z.infer<typeof labelQuerySchema>;

/** The query by which an asker says which discoveries it may see. */
export const visibilityQuerySchema = z.strictObject({
  /** `private`: what only the run itself may see, too. */
  include: z.literal('private').optional(),
  ...labelQuerySchema.shape,
});
export type VisibilityQuery = z.infer<typeof visibilityQuerySchema>;

/** Who asks the API: its service's tenant, at its clock. */
export const discoveryViewer = (
  { config }: Pick<Dependencies, 'config'>,
  { summary }: Pick<RunReading, 'summary'>,
  { include, label = [] }: VisibilityQuery,
): Viewer => ({
  ownRun: include === 'private',
  sameTenant: summary.tenant === config.tenant,
  labels: typeof label === 'string' ? [label] : label,
  at: new Date().toISOString(),
});
