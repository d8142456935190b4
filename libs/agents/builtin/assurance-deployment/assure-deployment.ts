import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { DeploymentReport } from '../../../contracts/reports/assurance.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { publishedSize } from '../publishing/published-size.js';
import type { Places } from '../subject/places.js';
import { checkPackage } from './check-package.js';
import { snapshotOf } from './snapshot-of.js';

const parametersSchema = z.object({
  secretsKey: z.string().min(16),
  /** Whether published files are searched for secrets. */
  secrets: z.boolean().default(true),
  /** Narrower scope: without a search for secrets. */
  narrow: z.boolean().default(false),
});

/** Whether the package could be published as it is, what of that the change brought, and what one would go back to. */
export async function assureDeployment(places: Places, task: AgentTask): Promise<Done> {
  const { secretsKey, secrets, narrow } = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const options = { secrets: secrets && !narrow, key: secretsKey };
  const now = await watch.time('checks', () => checkPackage(places.workspace, options));
  const before = await watch.time('before', () => checkPackage(places.before, options));
  const metBefore = new Map(before.map(({ id, met }) => [id, met]));
  const checks = now.map((one) => ({ ...one, metBefore: metBefore.get(one.id) ?? false }));
  const unmet = checks.filter(({ met }) => !met);
  const blockers = unmet.filter(({ severity }) => severity === 'critical').length;
  const warnings = unmet.length - blockers;
  const { digest: snapshot, files, bytes } = await watch.time('snapshot', () => snapshotOf(places.before));
  const outcome: DeploymentReport = {
    kind: 'assurance-deployment',
    readiness: blockers > 0 ? 'blocked' : warnings > 0 ? 'conditional' : 'ready',
    checks,
    blockers,
    warnings,
    introduced: unmet.filter((one) => one.metBefore).length,
    published: publishedSize(places.workspace),
    rollback: { snapshot, files, bytes },
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}
