import type { z } from 'zod';
import {
  deploymentReportSchema,
  documentationReportSchema,
  endToEndReportSchema,
  performanceReportSchema,
} from '../contracts/reports/assurance.js';
import { type Collected, ofKind } from './report.js';

/** An outcome of assurance, and the item that it is of. */
export interface Assured<T> {
  readonly item: string;
  readonly report: T;
}

const schemas = {
  performance: performanceReportSchema,
  documentation: documentationReportSchema,
  endToEnd: endToEndReportSchema,
  deployment: deploymentReportSchema,
} as const;

export type Assurance = {
  readonly [Name in keyof typeof schemas]: Assured<z.infer<(typeof schemas)[Name]>> | null;
};

/**
 * What assurance found, by what it looked at; null where nobody did. Its contracts are those of the templates, so they
 * are known by their form. Of several, the first input counts.
 */
export function assuranceOf(inputs: readonly Collected[]): Assurance {
  const custom = ofKind(inputs, 'custom');
  const first = <T>(schema: z.ZodType<T>): Assured<T> | null => {
    for (const { item, report } of custom) {
      const parsed = schema.safeParse(report.outcome);
      if (parsed.success) return { item, report: parsed.data };
    }
    return null;
  };
  return {
    performance: first(schemas.performance),
    documentation: first(schemas.documentation),
    endToEnd: first(schemas.endToEnd),
    deployment: first(schemas.deployment),
  };
}
