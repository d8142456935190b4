import { join } from 'node:path';
import { compileAll } from 'capnp-es/compiler';
import { describe, expect, it } from 'vitest';
import { onPath } from '../../../../apps/local/requirements.mjs';
import { describeSchema } from '../../../../libs/packaging/manifest/describe-schema.js';
import { compile, compiler, current, previous, schemas } from './compiler.js';

const head = [
  '// biome-ignore-all format: generated',
  '// biome-ignore-all lint: generated',
  '// biome-ignore-all assist: generated',
  '// @ts-nocheck: generated',
  '',
].join('\n');

async function typeScriptOf(schema: string): Promise<string> {
  const { files } = await compileAll(await compile(schema), { ts: true, js: false, dts: false });
  const [code] = files.values();
  return `${head}${code}`;
}

/** After a change of a schema, `vitest run -u` with this file writes anew what follows from it. */
describe('what is generated from the schemas', () => {
  it('is compared wherever the system has the package of the compiler', () => {
    const hasPackages = ['apt-get', 'dpkg-deb'].every((name) => onPath(name, process.env));
    expect(compiler !== undefined).toBe(hasPackages || onPath('capnp', process.env) !== undefined);
  });

  it.skipIf(compiler === undefined).each([
    [current, join(schemas, '..', 'generated', 'manifest.ts')],
    [previous, join(import.meta.dirname, 'generated', 'manifest-v1.ts')],
  ])('is, of %s, the code that is there', async (schema, file) => {
    await expect(await typeScriptOf(schema)).toMatchFileSnapshot(file);
  });

  it.skipIf(compiler === undefined).each([current, previous])(
    'is, of %s, the description that is there',
    async (schema) => {
      const description = describeSchema(await compile(schema));
      const file = join(schemas, schema.replace(/capnp$/, 'json'));
      await expect(`${JSON.stringify(description, null, 2)}\n`).toMatchFileSnapshot(file);
    },
  );
});
