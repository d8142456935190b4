import process from 'node:process';
import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import type { InfrastructureReport } from '../../../contracts/reports/infrastructure.js';
import { limitsSchema, parametersOf, testParameterSchema } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { sortFindings } from '../linters/finding.js';
import { listFiles } from '../subject/list-files.js';
import type { Places } from '../subject/places.js';
import { readPackage } from '../subject/read-package.js';
import { runSuiteOrFail, suiteTime } from '../suite/run-suite-or-fail.js';
import { findLicences } from './find-licences.js';
import { findSecrets } from './find-secrets.js';

const parametersSchema = z.object({
  test: testParameterSchema,
  /** Key of the keyed hashes, one per run. */
  secretsKey: z.string().min(16),
  /** Whether coverage is counted; without it the suite is faster. */
  coverage: z.boolean().default(true),
  limits: limitsSchema,
});

/**
 * The test environment, the baseline by a real run of the subject's own tests, secrets and licences.
 *
 * @throws TaskFailure NoTests, SandboxLimit: see `runSuiteOrFail`
 */
export async function analyseInfrastructure(places: Places, task: AgentTask): Promise<Done> {
  const parameters = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const description = readPackage(places.workspace);
  const files = listFiles(places.workspace);
  const suite = await watch.time('tests', () =>
    runSuiteOrFail(places, {
      command: parameters.test.command,
      wallMs: suiteTime(parameters.limits.wallMs, parameters.test.seconds),
      coverage: parameters.coverage,
    }),
  );
  const secrets = await watch.time('secretlint', () =>
    findSecrets(places.workspace, files, parameters.secretsKey),
  );
  const licenses = findLicences(places, files, description);
  const outcome: InfrastructureReport = {
    kind: 'infrastructure',
    environment: {
      node: process.version,
      runner: suite.run.runner,
      scripts: description.scripts,
      engines: description.engines.node ?? null,
    },
    baseline: suite.run,
    coverage: suite.coverage,
    secrets,
    licenses,
    findings: sortFindings([
      ...licenceFindings(licenses),
      ...secrets.map(({ rule, file, line }) =>
        finding('secretlint', rule, 'critical', 'The file holds what looks like a secret.', file, line),
      ),
      ...suite.run.tests
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ name }) => finding('tests', 'failing-test', 'major', `The test "${name}" fails.`)),
    ]),
  };
  return { outcome, measurements: { stepsMs: watch.ms, testsMs: suite.command.ms } };
}

function licenceFindings({
  declared,
  valid,
  files,
  dependencies,
}: InfrastructureReport['licenses']): Finding[] {
  const about = (rule: string, severity: Finding['severity'], message: string): Finding =>
    finding('licences', rule, severity, message, 'package.json');
  return [
    ...(declared === null
      ? [about('no-licence-declared', 'major', 'package.json declares no licence.')]
      : []),
    ...(declared !== null && !valid
      ? [about('licence-not-spdx', 'minor', `The licence "${declared}" is not an SPDX expression.`)]
      : []),
    ...(files.length === 0
      ? [finding('licences', 'no-licence-file', 'minor', 'The package holds no licence file.')]
      : []),
    ...dependencies
      .filter(({ license }) => license === null)
      .map(({ name, version }) =>
        finding('licences', 'dependency-without-licence', 'minor', `${name}@${version} declares no licence.`),
      ),
  ];
}

const finding = (
  tool: string,
  rule: string,
  severity: Finding['severity'],
  message: string,
  file: string | null = null,
  line: number | null = null,
): Finding => ({ tool, rule, severity, file, line, message: message.slice(0, 1000) });
