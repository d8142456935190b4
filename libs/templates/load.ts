import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { canonicalJson } from '../artifacts/canonical-json.js';
import type { Template } from '../contracts/template.js';
import type { Digest } from '../protocol/digest.js';
import { HeptadError } from '../protocol/errors.js';
import { parseTemplate } from './parse-template.js';

/** A template by its content: the digest is that of its canonical JSON, which is also how the store names it. */
export interface KnownTemplate {
  readonly template: Template;
  readonly digest: Digest;
}

let shipped: readonly KnownTemplate[] | undefined;

/**
 * The templates that Heptad ships, sorted by name, newest version first. Read once per process.
 *
 * @throws HeptadError `InputInvalid` a template's file is not valid
 */
export function listTemplates(): readonly KnownTemplate[] {
  shipped ??= readShipped();
  return shipped;
}

/**
 * A template by `name` (its newest version) or `name@version`.
 *
 * @throws HeptadError `TemplateUnknown`, which names those that are known
 */
export function findTemplate(reference: string): KnownTemplate {
  const known = listTemplates();
  const found = known.find(
    ({ template: { name, version } }) => reference === name || reference === `${name}@${version}`,
  );
  if (found) return found;
  const names = known.map(({ template: { name, version } }) => `${name}@${version}`).join(', ');
  throw new HeptadError(
    'TemplateUnknown',
    `There is no template ${JSON.stringify(reference)}. Known are: ${names}.`,
    {
      problems: [{ path: '/template', reason: `Known are: ${names}.` }],
    },
  );
}

/** The digest by which a template is known, everywhere. */
export const templateDigest = (template: Template): Digest =>
  `sha256:${createHash('sha256').update(canonicalJson(template)).digest('hex')}`;

function readShipped(): KnownTemplate[] {
  const folder = new URL('./', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => parseTemplate(readFileSync(new URL(name, folder), 'utf8'), name))
    .map((template) => ({ template, digest: templateDigest(template) }))
    .sort(byNameNewestFirst);
}

function byNameNewestFirst({ template: a }: KnownTemplate, { template: b }: KnownTemplate): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return b.version.localeCompare(a.version, 'en', { numeric: true });
}
