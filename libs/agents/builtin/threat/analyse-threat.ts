import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import { assessmentMethods, coreAnalyses, riskBranches } from '../../../contracts/reports/threat.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { linesOf } from '../subject/count-lines.js';
import type { Places } from '../subject/places.js';
import { analyseArchitecture } from './analyses/architectural-risk.js';
import { analyseAttackPaths } from './analyses/attack-path-analyzer.js';
import { analyseCosts } from './analyses/business-financial.js';
import { analyseCompliance } from './analyses/compliance-governance.js';
import { analyseDataFlow } from './analyses/data-flow-analysis.js';
import { analyseDocuments } from './analyses/document-analysis.js';
import { analyseHighRisk } from './analyses/high-risk-analysis.js';
import { summariseLowRisk } from './analyses/low-risk-summary.js';
import { assessRisk } from './analyses/risk-assessment.js';
import { reviewRisk } from './analyses/standard-risk-review.js';
import { reportThreats } from './analyses/threat-report.js';
import { readDescription } from './description/read-description.js';
import { readOutcomes } from './outcomes.js';

const parametersSchema = z.object({
  analysis: z.enum([...coreAnalyses, 'risk-assessment', ...riskBranches, 'threat-report']),
  /** Attack paths that are listed per target; fewer is the narrower scope. */
  paths: z.int().min(1).max(20).default(5),
  /** How the six scores become one. */
  method: z.enum(assessmentMethods).default('weighted'),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * One analysis of the infrastructure that the subject describes, or of the outcomes of such analyses.
 *
 * @throws TaskFailure InputInvalid: an outcome that it works on is not among the inputs
 * @throws TaskFailure SubjectInvalid: the description is too large
 */
export async function analyseThreat(places: Places, task: AgentTask): Promise<Done> {
  const parameters = parametersOf(parametersSchema, task);
  return { outcome: outcomeOf(places, task, parameters), measurements: {} };
}

function outcomeOf(
  places: Places,
  task: AgentTask,
  { analysis, paths, method }: Parameters,
): Done['outcome'] {
  const description = () => readDescription(places.workspace);
  const outcomes = () => readOutcomes(places, task);
  switch (analysis) {
    case 'document-analysis':
      return analyseDocuments(description());
    case 'architectural-risk':
      return analyseArchitecture(description());
    case 'business-financial':
      return analyseCosts(description());
    case 'compliance-governance':
      return analyseCompliance(description());
    case 'data-flow-analysis':
      return analyseDataFlow(description());
    case 'attack-path-analyzer':
      return analyseAttackPaths(description(), paths);
    case 'risk-assessment':
      return assessRisk(outcomes(), method);
    case 'high-risk-analysis':
      return analyseHighRisk(description(), outcomes());
    case 'low-risk-summary':
      return summariseLowRisk(outcomes());
    case 'standard-risk-review':
      return reviewRisk(outcomes());
    case 'threat-report':
      return reportThreats(description(), outcomes(), (file) => linesOf(places.workspace, file));
  }
}
