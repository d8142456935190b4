import type { severities } from '../../../contracts/reports/finding.js';

export type Severity = (typeof severities)[number];
