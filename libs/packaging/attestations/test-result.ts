import { layout } from '../layout.js';
import type { AttestedRun } from './attested-run.js';
import { digestSet, type Statement, statementOn } from './statement.js';

/**
 * Test result v0.1 of in-toto (https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md): the
 * subject's tests on what is delivered. `FAILED` where a test fails, also one that failed before; skipped tests are an
 * extension. Undefined where no tests were run on it: then nothing is attested of them.
 */
export function testResult(attested: AttestedRun): Statement<object> | undefined {
  const { staged, accepted, assignment, validation } = attested;
  if (!validation || !staged.validation) return undefined;
  const { tests } = validation;
  const named = (verdict: (typeof tests.tests)[number]['verdict']): string[] =>
    tests.tests.filter((one) => one.verdict === verdict).map(({ name }) => name);
  const lock = assignment.dependencies?.lock;
  return statementOn(attested, 'https://in-toto.io/attestation/test-result/v0.1', {
    result: tests.failed > 0 ? 'FAILED' : 'PASSED',
    configuration: [
      { name: 'command', content: Buffer.from(tests.command).toString('base64') },
      { name: layout.artifacts.template, digest: digestSet(accepted.request.template.digest) },
      ...(lock ? [{ name: layout.artifacts.lock, digest: digestSet(lock.digest) }] : []),
      { name: 'validation', digest: digestSet(staged.validation.digest) },
    ],
    passedTests: named('pass'),
    warnedTests: [],
    failedTests: named('fail'),
    'urn:heptad:skippedTests': named('skip'),
    // What passed before and does not pass now is never delivered, so each of these failed before, too.
    'urn:heptad:failedBefore': named('fail').filter((name) => !validation.broken.includes(name)),
  });
}
