import { expect, test } from 'vitest';
import { deconstruct } from '../../../libs/agents/builtin/request/deconstruct.js';
import { deliver } from '../../../libs/agents/builtin/request/deliver.js';
import { develop } from '../../../libs/agents/builtin/request/develop.js';
import { diagnose } from '../../../libs/agents/builtin/request/diagnose.js';
import { parseRequest } from '../../../libs/intake/parse-request.js';
import { roster } from '../../../libs/roster/roster.js';
import { expectedReport } from '../../../libs/templates/expected-report.js';
import { schemaProblems } from '../../../libs/templates/json-schema.js';
import { findTemplate } from '../../../libs/templates/load.js';

const { template } = findTemplate('request-improvement');

/** Has something of everything that an outcome can hold. */
const request = `# Search

Make our search page fast for users. It must answer within 2 s. The page must answer within 2 s.
The page must answer within 3 s. It shows:

- the name
- etc. as in \`a.md\`, version 1.2.3 and https://a.example

What about images?
`;
const taken = deconstruct(request);
const found = diagnose(request);
const made = develop(taken, found);
const outcomes: Readonly<Record<string, object>> = {
  deconstruct: taken,
  diagnose: found,
  develop: made,
  deliver: deliver(request, { deconstruct: taken, diagnose: found, develop: made }, 'request.md'),
};

/** Every object in a value, with what changes it in place. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

test.each(Object.keys(outcomes))('the contract of %s takes its outcome, and nothing less or more', (id) => {
  const item = template.items.find((one) => one.id === id);
  const { schema } = item ? expectedReport(template, item) : { schema: null };
  if (schema === null) throw new Error(`${id} has no schema.`);
  const outcome = outcomes[id];
  expect(schemaProblems(schema, outcome)).toEqual([]);
  const objects = objectsIn(outcome);
  expect(objects.length).toBeGreaterThan(1);
  for (const object of objects) {
    object.more = 1;
    expect(schemaProblems(schema, outcome)).not.toEqual([]);
    delete object.more;
    for (const [key, value] of Object.entries(object)) {
      delete object[key];
      expect([key, schemaProblems(schema, outcome).length]).not.toEqual([key, 0]);
      object[key] = value;
    }
  }
  expect(schemaProblems(schema, outcome)).toEqual([]);
});

test('the steps follow each other, each with an agent, and each blocks what comes after it', () => {
  const steps = template.items.filter(({ work }) => work.kind === 'agent');
  expect(steps.map(({ id, depends_on, done }) => [id, depends_on, done.expression])).toEqual([
    ['deconstruct', [], 'result.score >= 70'],
    ['diagnose', ['deconstruct'], 'result.score >= 70'],
    ['develop', ['deconstruct', 'diagnose'], 'result.score >= 70'],
    ['deliver', ['deconstruct', 'diagnose', 'develop'], 'result.score >= 70'],
  ]);
  for (const { work } of steps)
    if (work.kind === 'agent')
      expect(roster.filter(({ capabilities }) => capabilities.includes(work.capability ?? ''))).toHaveLength(
        1,
      );
});

test('its subject is a text, and nothing else', () => {
  const parsed = parseRequest({
    template: 'request-improvement',
    input: { subject: 'text:Say how to install it.\r\n- with npm\r\n' },
  });
  expect(parsed.subject).toEqual({ kind: 'text', text: 'Say how to install it.\n- with npm' });
  expect(() =>
    parseRequest({ template: 'request-improvement', input: { subject: 'npm:ejs@1.0.0' } }),
  ).toThrow('/input/subject');
});
