import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../libs/config/config.js';
import { cacheItems, engineOnPath, pins } from '../requirements.mjs';
import { mustRun } from '../setup/run.mjs';
import { say, step } from '../setup/step.mjs';
import { demand } from './demand.js';
import { fromSdk } from './from-sdk.js';
import { provide } from './provide.js';

const module = fileURLToPath(new URL('../engine/', import.meta.url));

/**
 * Finds the Temporal server: on the PATH where it is new enough, in the cache, by the SDK's download, or built from
 * the pinned Go module.
 *
 * @returns the file of the `temporal` program
 * @throws HeptadError `SetupIncomplete` the download cannot be reached and Go is missing
 */
export async function provideEngine(config: Pick<Config, 'cache'>): Promise<string> {
  const found = await engineOnPath(process.env);
  if (found?.usable) return found.file;
  if (found !== undefined)
    say(
      `${found.file} has Temporal server ${found.server}, older than ${pins.oldestServer}, and is not used; ` +
        `version ${pins.server} is.`,
    );
  const folder = await provide({
    what: 'the Temporal server',
    version: pins.cli,
    folder: cacheItems(config.cache).engine,
    make: async (fresh) => {
      if (
        await fromSdk({
          kind: 'cli',
          version: pins.cli,
          folder: fresh,
          name: 'temporal',
          what: 'the Temporal server',
        })
      )
        return `the SDK's download of Temporal CLI ${pins.cli}`;
      await empty(fresh);
      await demand(config.cache, ['Go']);
      await buildEngine(fresh);
      return `built from the Go module github.com/temporalio/cli ${pins.cli}`;
    },
  });
  return join(folder, 'temporal');
}

async function buildEngine(folder: string): Promise<void> {
  const source = join(folder, 'source');
  await mkdir(source);
  for (const file of ['go.mod', 'go.sum']) await copyFile(join(module, file), join(source, file));
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', join(folder, 'temporal')];
  await step(`Building the Temporal server ${pins.server} from source (takes minutes the first time)`, () =>
    mustRun('go', ['build', ...flags, 'github.com/temporalio/cli/cmd/temporal'], {
      cwd: source,
      // The person's own flags and workspaces are for their own modules. Without cgo no C compiler is needed.
      env: { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off', GO111MODULE: 'on', CGO_ENABLED: '0' },
    }),
  );
  await rm(source, { recursive: true });
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}
