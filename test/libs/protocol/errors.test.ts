import { ApplicationFailureCategory } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { type ErrorEntry, errors, failureOf, HeptadError } from '../../../libs/protocol/errors.js';

const table: readonly (readonly [string, ErrorEntry])[] = Object.entries(errors);

const reference = `# Errors

Every error has a code. Over HTTP it is sent as \`application/problem+json\` with the status below; the command ends with
an exit code that follows from it; an activity that fails with a code that is retried is tried again by Temporal.

\`\`\`json
{
  "type": "/problems/TemplateUnknown",
  "title": "No template has this name and version.",
  "status": 404,
  "detail": "There is no template \\"x\\". Known are: repository-review@2.0.0.",
  "code": "TemplateUnknown",
  "problems": [{ "path": "/template", "reason": "Known are: repository-review@2.0.0." }]
}
\`\`\`

\`code\` is for programs, \`title\` says what the code means, \`detail\` what happened and what to do, and \`problems\` every
place where the input is wrong.

| code | HTTP | retried | meaning |
|---|---|---|---|
${table.map(([code, { status, retryable, says }]) => `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${says} |`).join('\n')}
`;

describe('the table of errors', () => {
  test('is what the reference says, code by code', async () => {
    await expect(reference).toMatchFileSnapshot('../../../docs/reference/errors.md');
  });

  test('is in alphabetical order', () => {
    const codes = table.map(([code]) => code);
    expect(codes).toEqual([...codes].sort());
  });

  test.each(table)('%s has a status of an error and a sentence', (_, { status, says }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(says).not.toContain('|');
  });

  test('decides whether a failure of Temporal is retried, and carries the problems', () => {
    const problems = [{ path: '/input', reason: 'It is missing.' }];
    const failure = failureOf(new HeptadError('InputInvalid', 'Not so.', { problems }));
    expect(failure).toMatchObject({
      type: 'InputInvalid',
      message: 'Not so.',
      nonRetryable: true,
      details: [problems],
    });
    expect(failureOf(new HeptadError('EngineUnreachable')).nonRetryable).toBe(false);
  });

  test('marks as benign what is only waited for', () => {
    expect(failureOf(new HeptadError('RunOpen')).category).toBe(ApplicationFailureCategory.BENIGN);
    expect(failureOf(new HeptadError('DependencyUnreachable')).category).not.toBe(
      ApplicationFailureCategory.BENIGN,
    );
  });
});
