import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentTask } from '../../../contracts/agent.js';
import { controlFileNames } from '../../../contracts/control-files.js';
import { lintControlBytes } from '../../../control-files/lint-control-bytes.js';
import type { Done } from '../answer/serve-task.js';
import type { Places } from '../subject/places.js';

/** Says what the control files of a subject ask for, and what is wrong with them. It changes and discovers nothing. */
export async function readProcedure(places: Places, _task: AgentTask): Promise<Done> {
  const files = controlFileNames.flatMap((file) => {
    const path = join(places.workspace, file);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return [];
    const { items, problems } = lintControlBytes(file, readFileSync(path));
    const open = items.filter((item) => item.open);
    return [
      {
        file,
        open: open.length,
        done: items.length - open.length,
        withCommand: open.filter(({ command }) => command !== null).length,
        problems,
      },
    ];
  });
  const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0);
  return {
    outcome: {
      kind: 'control-files',
      read: files.length,
      files,
      open: sum(files.map(({ open }) => open)),
      withCommand: sum(files.map(({ withCommand }) => withCommand)),
      problems: sum(files.map(({ problems }) => problems.length)),
    },
    measurements: {},
  };
}
