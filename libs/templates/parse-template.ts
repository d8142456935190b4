import { parseDocument } from 'yaml';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { type Template, templateSchema } from '../contracts/template.js';
import { expandTemplate } from '../graph/expand.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { compileInputSchema } from './input-schema.js';

/** Templates are read in full; a larger text is refused. Bytes. */
const largest = 1024 * 1024;

/**
 * Reads a template from YAML and checks all of it: its form, the references and times of its items, its schema of
 * the input.
 *
 * @param where the name of the file, for the error's sentence
 * @throws HeptadError `InputInvalid` with every problem found
 */
export function parseTemplate(text: string, where: string): Template {
  if (Buffer.byteLength(text) > largest)
    throw invalid(where, [{ path: '', reason: `It is larger than ${largest} bytes.` }]);
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0)
    throw invalid(
      where,
      document.errors.map(({ message }) => ({ path: '', reason: message })),
    );
  const parsed = templateSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success)
    throw invalid(
      where,
      parsed.error.issues.map(({ path, message }) => ({
        path: path.map((part) => `/${String(part)}`).join(''),
        reason: message,
      })),
    );
  const template = parsed.data;
  expandTemplate(template);
  compileInputSchema(template);
  // The canonical form must exist: by it the template is named.
  canonicalJson(template);
  return template;
}

const invalid = (where: string, problems: readonly Problem[]): HeptadError =>
  new HeptadError(
    'InputInvalid',
    `The template in ${where} cannot be used:\n${problems.map(({ path, reason }) => `  ${path || '/'}: ${reason}`).join('\n')}`,
    { problems },
  );
