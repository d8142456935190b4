import { readdirSync, readFileSync } from 'node:fs';
import { HeptadError } from '../../protocol/errors.js';
import { parseTemplate } from '../parse-template.js';
import { everyVersion } from './list-templates.js';
import { writeTemplate } from './register-template.js';
import type { ListedTemplate, Registry } from './registered-template.js';

const demo = new URL('../demo/', import.meta.url);

/**
 * Registers the demo templates for a tenant; those that it has already stay as they are.
 *
 * @returns the demo templates, by name
 * @throws HeptadError `TemplateExists` the tenant has another template with the name and version of one
 */
export async function seedTemplates(registry: Registry): Promise<ListedTemplate[]> {
  const seeded: ListedTemplate[] = [];
  for (const file of readdirSync(demo).sort()) {
    if (!file.endsWith('.yaml')) continue;
    const template = parseTemplate(readFileSync(new URL(file, demo), 'utf8'), file);
    const [newest] = await everyVersion(registry, template.name);
    // A newer one of the tenant's own is not overtaken by an older one.
    if (newest && newest.version !== template.version) seeded.push(newest);
    else seeded.push(await writeTemplate(registry, template));
  }
  if (seeded.length === 0)
    throw new HeptadError('SetupIncomplete', 'The demo templates are missing; build Heptad again.');
  return seeded;
}
