import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { TaskFailure } from '../answer/task-failure.js';

const require = createRequire(import.meta.url);
const versioned = z.object({ version: z.string() });

/** A program and the arguments that come before all others. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** Biome's own binary of this platform; its Node wrapper would cost another process. */
export function biomeTool(): Tool {
  const platform = `${process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'biome.exe' : 'biome';
  const names = [`@biomejs/cli-${platform}/${binary}`, `@biomejs/cli-${platform}-musl/${binary}`];
  for (const name of names) {
    try {
      return { name: 'biome', version: versionOf('@biomejs/biome'), file: require.resolve(name), args: [] };
    } catch {
      // Only the package of this platform's C library is installed.
    }
  }
  throw new TaskFailure(
    'AgentFailed',
    `Biome has no binary for ${platform}: none of ${names.join(', ')} is installed.`,
  );
}

/** Oxlint, which is a native module behind a small program for Node. */
export function oxlintTool(): Tool {
  const folder = dirname(require.resolve('oxlint/package.json'));
  return {
    name: 'oxlint',
    version: versionOf('oxlint'),
    file: process.execPath,
    args: [join(folder, 'dist/cli.js')],
  };
}

/** The installed version of a package that Heptad brings along. */
export const versionOf = (name: string): string =>
  versioned.parse(JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'))).version;
