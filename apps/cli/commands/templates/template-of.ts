import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { callerFolder } from '../../../../libs/config/caller-folder.js';
import { type Template, templateSchema } from '../../../../libs/contracts/template.js';
import { parseTemplate } from '../../../../libs/templates/parse-template.js';
import type { Cli } from '../../cli.js';
import { readSource } from './read-source.js';

/**
 * A template by its file, which needs no service, else by name, `name@version` or digest.
 *
 * @throws HeptadError `InputInvalid` the file is no template
 * @throws HeptadError `TemplateUnknown`, `ApiUnreachable`
 */
export async function templateOf(cli: Cli, fileOrName: string): Promise<Template> {
  const isFile =
    /[./\\]/.test(fileOrName.replace(/@.*$/, '')) || existsSync(resolve(callerFolder(), fileOrName));
  if (isFile) return parseTemplate(await readSource(fileOrName), fileOrName);
  return templateSchema.strip().parse(await cli.api.template(fileOrName));
}
