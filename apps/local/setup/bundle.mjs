import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

/** Tools that an agent runs as programs of their own or loads when it needs them: too big to copy into each agent. */
const external = [
  '@biomejs/biome',
  '@secretlint/*',
  'c8',
  'dependency-cruiser',
  'eslint',
  'oxlint',
  'typescript',
];

const [, , root = '.', out = 'dist'] = argv;
const require = createRequire(join(root, 'package.json'));

if (existsSync(join(out, 'workflows', 'index.js'))) await bundleWorkflows();
await bundleAgents();
await copyMicroAgents();

async function bundleWorkflows() {
  const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');
  const interceptors = join(out, 'workflows', 'interceptors.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(out, 'workflows', 'index.js'),
    workflowInterceptorModules: existsSync(interceptors) ? [interceptors] : [],
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(join(out, 'workflow-bundle.js'), withoutPlace(code));
}

/**
 * A bundle whose source map names its sources relative to the checkout. The bundle goes into packages, whose readers
 * need not know where it was built.
 *
 * @param {string} code
 */
function withoutPlace(code) {
  const mark = 'sourceMappingURL=data:application/json;charset=utf-8;base64,';
  const start = code.lastIndexOf(mark) + mark.length;
  if (start < mark.length) throw new Error('The workflow bundle has no inline source map.');
  const map = JSON.parse(Buffer.from(code.slice(start), 'base64').toString('utf8'));
  const place = join(resolve(root), '/');
  const relative = (/** @type {string} */ text) =>
    text.replaceAll(pathToFileURL(place).href, '').replaceAll(place, '');
  map.sources = map.sources.map(relative);
  // Some packages publish maps without the sources.
  map.sourcesContent = map.sourcesContent.map((/** @type {string | null} */ text) => text && relative(text));
  return code.slice(0, start) + Buffer.from(JSON.stringify(map)).toString('base64');
}

/** Each agent of ours becomes one file, so that its sandbox needs nothing but that file and the tools. */
async function bundleAgents() {
  const folder = join(root, 'libs', 'agents', 'builtin');
  const names = existsSync(folder)
    ? (await readdir(folder)).filter((name) => existsSync(join(folder, name, 'main.ts')))
    : [];
  if (names.length === 0) return;
  await mkdir(join(out, 'agents'), { recursive: true });
  await require('esbuild').build({
    entryPoints: Object.fromEntries(names.map((name) => [name, join(folder, name, 'main.ts')])),
    outdir: join(out, 'agents'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external,
    // Packages in CommonJS call require, which a module in ESM does not have by itself.
    banner: {
      js: "import { createRequire as heptadRequire } from 'node:module'; const require = heptadRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

/** Micro agents are data, pinned by their manifests: they are copied as they are. */
async function copyMicroAgents() {
  const folder = join(root, 'libs', 'agents', 'micro');
  if (!existsSync(folder)) return;
  const target = join(out, 'agents', 'micro');
  await mkdir(target, { recursive: true });
  for (const name of await readdir(folder)) await copyFile(join(folder, name), join(target, name));
}
