import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provideTestTool } from '../../../../apps/local/provision/provide-test-tool.js';
import { readConfig } from '../../../../libs/config/config.js';

/** Where the schemas of the manifest are, this version's and, in `previous`, those before. */
export const schemas = fileURLToPath(new URL('../../../../libs/packaging/manifest/schema/', import.meta.url));

export const current = 'manifest.capnp';
export const previous = 'previous/manifest.v1.capnp';

/** Cap'n Proto's own program; undefined where it is not there and the system has no package of it. */
export const compiler = await provideTestTool(readConfig(), 'capnp');

/** Runs it in the folder of the schemas, or another one. */
export const capnp = async (
  args: readonly string[],
  { input, cwd = schemas }: { readonly input?: string | Uint8Array; readonly cwd?: string } = {},
): Promise<Buffer> =>
  await new Promise((resolve, reject) => {
    if (compiler === undefined) throw new Error('There is no capnp here.');
    const child = execFile(compiler, args, { cwd, encoding: 'buffer' }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr.toString(), { cause: error })) : resolve(stdout),
    );
    if (input !== undefined) child.stdin?.end(input);
  });

/** Compiles a schema to what generators of code are given. */
export const compile = (file: string, cwd?: string): Promise<Buffer> =>
  capnp(['compile', '-o-', file], cwd === undefined ? {} : { cwd });
