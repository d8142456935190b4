import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../../libs/artifacts/canonical-json.js';
import { digestOfJson } from '../../../libs/artifacts/digest-of-json.js';
import { parseJson } from '../../../libs/artifacts/parse-json.js';
import { digestSchema } from '../../../libs/contracts/artifact.js';
import type { Template } from '../../../libs/contracts/template.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { TemplateProblem } from '../../../libs/templates/check/template-problem.js';
import { writeTemplate } from '../../../libs/templates/registry/register-template.js';
import type { ListedTemplate, Registry } from '../../../libs/templates/registry/registered-template.js';
import { validateTemplate } from '../../../libs/templates/validate-template.js';
import type { CreatedTemplate } from './template-schemas.js';

/** Whose key it was: written before the template, so that a request that was cut off is finished when it comes again. */
const usedSchema = z.strictObject({ request: digestSchema });

/** What is registered: a name, or a version of one. */
export interface Registration {
  /** The request as it came, by which it is known again. */
  readonly request: unknown;
  readonly source: string;
  readonly key: string;
  /** Checks that the template may be registered; it throws where not. */
  readonly check: (template: Template) => Promise<unknown>;
}

/**
 * Registers a template once per idempotency key: the same key with the same request has the same answer.
 *
 * @throws HeptadError `TemplateInvalid` with every problem and its line and column
 * @throws HeptadError `IdempotencyKeyReused` the key came with another request before
 * @throws HeptadError what `check` throws; nothing was stored then
 */
export async function registerOnce(
  registry: Registry,
  { request, source, key, check }: Registration,
): Promise<CreatedTemplate> {
  const { store, tenant } = registry;
  const entry = `template-keys/${tenant}/${createHash('sha256').update(key).digest('hex')}`;
  const digest = digestOfJson(request);
  const { template, problems, warnings } = validateTemplate(source);
  const before = await store.entries.get(entry);
  if (before && parseJson(before, usedSchema, `The entry ${entry}`).request !== digest) throw keyReused();
  if (!template) throw invalid(problems);
  if (!before) {
    await check(template);
    await store.entries.put(entry, canonicalJson({ request: digest }), { ifAbsent: true });
    const now = await store.entries.get(entry);
    if (now && parseJson(now, usedSchema, `The entry ${entry}`).request !== digest) throw keyReused();
  }
  const listed: ListedTemplate = await writeTemplate(registry, template);
  return { template: listed, warnings: [...warnings] };
}

const keyReused = (): HeptadError =>
  new HeptadError(
    'IdempotencyKeyReused',
    'The Idempotency-Key came with another template before. Send the same, or another key.',
  );

const invalid = (problems: readonly TemplateProblem[]): HeptadError =>
  new HeptadError(
    'TemplateInvalid',
    `The template cannot be used; it has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`,
    {
      problems: problems.map(({ path, line, column, reason }) => ({
        path,
        reason: `${line}:${column}: ${reason}`,
      })),
    },
  );
