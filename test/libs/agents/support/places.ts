import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Places } from '../../../../libs/agents/builtin/subject/places.js';
import type { AgentTask } from '../../../../libs/contracts/agent.js';

/** The small library of `test/fixtures`. */
export const tiny = join(import.meta.dirname, '../../../fixtures/tiny');

/** Places for one program in a temporary folder that goes with the test; the subject is a folder or made of files. */
export function placesFor(
  subject: string | Record<string, string>,
  nodeModules: Record<string, string> = {},
): Places {
  const root = mkdtempSync(join(tmpdir(), 'heptad-agents-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const places: Places = {
    workspace: join(root, 'subject/package'),
    nodeModules: join(root, 'subject/node_modules'),
    before: join(root, 'before'),
    inputs: join(root, 'inputs'),
    scratch: join(root, 'scratch'),
  };
  for (const folder of [places.workspace, places.inputs, places.scratch]) {
    mkdirSync(folder, { recursive: true });
  }
  if (typeof subject === 'string') cpSync(subject, places.workspace, { recursive: true });
  else writeFiles(places.workspace, subject);
  if (Object.keys(nodeModules).length > 0) writeFiles(places.nodeModules, nodeModules);
  cpSync(places.workspace, places.before, { recursive: true });
  return places;
}

/** Writes files into a folder; those whose text starts with `#!` are programs. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
}

/** A task with these parameters. */
export const taskWith = (parameters: Record<string, unknown> = {}): AgentTask => ({
  version: 1,
  item: 'item',
  parameters,
  inputs: [],
});
