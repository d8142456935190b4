import { readResumption } from '../../libs/continuation/resumed.js';
import type { IntakeActivities } from '../../libs/contracts/activities.js';
import { startRunSchema } from '../../libs/contracts/request.js';
import { checkRequest } from '../../libs/intake/check-request.js';
import { parseRequest as parse, templateReference } from '../../libs/intake/parse-request.js';
import { sourceOf } from '../../libs/subjects/source-of.js';
import { pinTemplate } from '../../libs/templates/registry/pin-template.js';
import type { IntakeDependencies } from './dependencies.js';
import { giveUpUnstable } from './give-up-unstable.js';

/**
 * Parses the accepted body, checks it for security, and stores the template that it names.
 *
 * @throws HeptadError as `parseRequest` and `checkRequest` of libs/intake do; of it only `SubjectUnstable` is retried, and not for ever
 */
export const parseRequest =
  ({
    store,
    roots,
    deliveryRoots,
  }: Pick<IntakeDependencies, 'store' | 'roots' | 'deliveryRoots'>): IntakeActivities['parseRequest'] =>
  async ({ run, tenant, request }) => {
    const body = await store.getJson(request.digest, startRunSchema);
    // The edge has bound the run already; who starts a workflow without it gets the template of now.
    const known = await pinTemplate(
      { store, tenant },
      { run, request: request.digest },
      templateReference(body),
    );
    const asked = parse(body, known);
    const resumption = await readResumption(store, asked);
    const { checks, subject } = await giveUpUnstable(() =>
      checkRequest(asked, { roots, deliveryRoots, resumption }),
    );
    await store.putJson(known.template);
    return {
      parsed: await store.putJson({ ...asked, subject }),
      checks: await store.putJson(checks),
      source: resumption ? 'local' : sourceOf(subject),
    };
  };
