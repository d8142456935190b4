import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { provide } from '../../../apps/local/provision/provide.js';
import { atLeast } from '../../../apps/local/requirements.mjs';
import { mustRun, run } from '../../../apps/local/setup/run.mjs';
import { step } from '../../../apps/local/setup/step.mjs';
import type { Config } from '../../../libs/config/config.js';

const coordinates = new URL('./pom.xml', import.meta.url);

/** Why the server cannot be fetched or run on this machine, after having looked; undefined where it can. */
export async function s3ServerLacks(): Promise<string | undefined> {
  const java = await run('java', ['-version'], { timeout: 60_000 });
  const version = /version "([^"]+)"/.exec(java.stderr)?.[1] ?? '0';
  if (java.code !== 0 || !atLeast(version, '17')) return 'Java 17 is not there';
  const maven = await run('mvn', ['-v'], { timeout: 60_000 });
  return maven.code === 0 ? undefined : 'Maven is not there';
}

/** Finds the S3 server in the cache, or fetches it. @returns the folder of its jars */
export async function provideS3Server({ cache }: Pick<Config, 'cache'>): Promise<string> {
  const version = /s3proxy<\/artifactId>\s*<version>([^<]+)/.exec(await readFile(coordinates, 'utf8'))?.[1];
  if (version === undefined) throw new Error('The version of the S3 server is pinned in its pom.xml.');
  const what = 'the S3 server';
  const folder = await provide({
    what,
    version,
    folder: join(cache, `s3proxy-${version}`),
    make: async (fresh) => {
      const project = join(fresh, 'project');
      await mkdir(project);
      await copyFile(coordinates, join(project, 'pom.xml'));
      const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'];
      await step(`Fetching ${what} ${version} with Maven`, () =>
        mustRun('mvn', ['--batch-mode', '--quiet', ...goal], { cwd: project }),
      );
      await rename(join(project, 'jars'), join(fresh, 'jars'));
      await rm(project, { recursive: true });
      return `the Maven artifact org.gaul:s3proxy:${version}`;
    },
  });
  return join(folder, 'jars');
}
