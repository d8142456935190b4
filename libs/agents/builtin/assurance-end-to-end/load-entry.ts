import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import type { Installed } from './install-package.js';
import { loader } from './loader.js';

const loadedSchema = z.discriminatedUnion('loads', [
  z.object({ loads: z.literal(true), shape: z.record(z.string(), z.string()) }),
  z.object({ loads: z.literal(false), reason: z.string() }),
]);
export type Loaded = z.infer<typeof loadedSchema>;

/**
 * Loads an entry point of an installed package in a process of its own and says what it exports: name and type, with
 * the number of arguments. A process that does not end in time, or without saying anything, has not loaded it.
 */
export async function loadEntry({ user }: Installed, specifier: string, wallMs: number): Promise<Loaded> {
  const [program, target] = [join(user, 'load.cjs'), join(user, 'loaded.json')];
  writeFileSync(program, loader);
  rmSync(target, { force: true });
  const ended = await endOf([program, specifier, target], user, wallMs);
  const loaded = loadedSchema.safeParse(jsonOf(target));
  if (!loaded.success) return { loads: false, reason: ended };
  if (loaded.data.loads) return loaded.data;
  const reason = (loaded.data.reason.split('\n')[0] ?? '').replaceAll(`${user}/`, '').slice(0, 300);
  return { loads: false, reason };
}

/** How the process ended, for the case that it said nothing. */
function endOf(args: readonly string[], cwd: string, wallMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: cwd, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      stdio: 'ignore',
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, wallMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve(late ? `It did not load within ${wallMs} ms.` : `The process ended with ${signal ?? code}.`);
    });
  });
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
