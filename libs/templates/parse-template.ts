import type { Template } from '../contracts/template.js';
import { HeptadError } from '../protocol/errors.js';
import type { TemplateProblem } from './check/template-problem.js';
import { validateTemplate } from './validate-template.js';

/**
 * Reads a template from YAML or JSON and checks all of it, as {@link validateTemplate} does.
 *
 * @param where the name of the file, for the error's sentence
 * @throws HeptadError `InputInvalid` with every problem found
 */
export function parseTemplate(text: string, where: string): Template {
  const { template, problems } = validateTemplate(text);
  if (template) return template;
  throw new HeptadError(
    'InputInvalid',
    `The template in ${where} cannot be used:\n${problems.map((one) => `  ${problemLine(one)}`).join('\n')}`,
    { problems: problems.map((one) => ({ path: one.path, reason: one.reason })) },
  );
}

/** A problem on one line: where it is in the text and in the template, and what is wrong. */
const problemLine = ({ line, column, path, reason }: TemplateProblem): string =>
  `${line}:${column} ${path || '/'}: ${reason}`;
