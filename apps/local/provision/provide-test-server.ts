import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../libs/config/config.js';
import { cacheItems, pins } from '../requirements.mjs';
import { mustRun } from '../setup/run.mjs';
import { step } from '../setup/step.mjs';
import { demand } from './demand.js';
import { fromSdk } from './from-sdk.js';
import { provide } from './provide.js';

const coordinates = fileURLToPath(new URL('../engine/pom.xml', import.meta.url));

/**
 * Finds Temporal's time-skipping test server: in the cache, by the SDK's download, or by Maven.
 *
 * @returns the file of a program that takes a port: what `TestWorkflowEnvironment.createTimeSkipping` wants as
 *   `executable: { type: 'existing-path', path }`
 * @throws HeptadError `SetupIncomplete` the download cannot be reached and Maven or Java is missing
 */
export async function provideTestServer(config: Pick<Config, 'cache'>): Promise<string> {
  const name = 'temporal-test-server';
  const what = "Temporal's test server";
  const folder = await provide({
    what,
    version: pins.testServer,
    folder: cacheItems(config.cache).testServer,
    make: async (fresh) => {
      if (await fromSdk({ kind: 'test-server', version: pins.testServer, folder: fresh, name, what }))
        return `the SDK's download of the test server ${pins.testServer}`;
      for (const left of await readdir(fresh)) await rm(join(fresh, left), { recursive: true });
      await demand(config.cache, ['Maven', 'Java']);
      await step(`Fetching ${what} ${pins.testServer} with Maven`, () => fetchJars(fresh));
      await writeWrapper(join(fresh, name));
      return `the Maven artifact io.temporal:temporal-test-server:${pins.testServer}`;
    },
  });
  return join(folder, name);
}

async function fetchJars(folder: string): Promise<void> {
  const project = join(folder, 'project');
  await mkdir(project);
  await copyFile(coordinates, join(project, 'pom.xml'));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'];
  await mustRun('mvn', ['--batch-mode', '--quiet', ...goal], { cwd: project });
  await rename(join(project, 'jars'), join(folder, 'jars'));
  await rm(project, { recursive: true });
}

async function writeWrapper(file: string): Promise<void> {
  const lines = [
    '#!/bin/sh',
    // The SDK ends the process that it started and no other, so the shell must become Java.
    'exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$1"',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o755);
}
