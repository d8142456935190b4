import { argv } from 'node:process';
import { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * Downloads a server into a folder by the SDK's own means, which also start it once; it is ended again. A program of
 * its own, because the SDK's runtime is one per process and belongs to that process's workers.
 *
 * Called as: node sdk-download.mjs cli|test-server VERSION FOLDER
 */
const [, , kind, version, downloadDir] = argv;
const executable = { type: 'cached-download', version: `v${version}`, downloadDir };
const environment =
  kind === 'cli'
    ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
    : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
await environment.teardown();
