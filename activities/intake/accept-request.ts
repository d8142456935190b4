import type { IntakeActivities } from '../../libs/contracts/activities.js';
import { acceptedRequestSchema } from '../../libs/contracts/phase.js';
import { parsedRequestSchema } from '../../libs/contracts/request.js';
import { capturedSubjectSchema } from '../../libs/contracts/subject.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { acceptedRequest } from '../../libs/intake/accepted-request.js';
import type { IntakeDependencies } from './dependencies.js';

/** Classifies the request, routes it to layers, and stages what ingest hands on. */
export const acceptRequest =
  ({ store }: Pick<IntakeDependencies, 'store'>): IntakeActivities['acceptRequest'] =>
  async ({ parsed, checks, captured: capturedRef }) => {
    const [request, captured] = await Promise.all([
      store.getJson(parsed.digest, parsedRequestSchema),
      store.getJson(capturedRef.digest, capturedSubjectSchema),
    ]);
    const template = await store.getJson(request.template.digest, templateSchema);
    const made = await store.getJson(checks.digest, acceptedRequestSchema.shape.checks);
    const accepted = acceptedRequest(request, captured, template, made);
    const { category, complexity, agents, layers } = accepted.classification;
    const { files, bytes } = captured.snapshot;
    return {
      outcome: await store.putJson(accepted),
      summary: `${captured.title}: ${files} files, ${bytes} bytes; ${category}, ${complexity} (${agents} agents); to ${layers.join(', ')}`,
      facts: null,
    };
  };
