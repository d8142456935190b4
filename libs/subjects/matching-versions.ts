import { z } from 'zod';
import { parseJson } from '../artifacts/parse-json.js';
import type { Subject } from '../contracts/subject.js';
import type { CaptureOptions } from './capture-options.js';
import { runNpm } from './run-npm.js';
import { titleOf } from './title-of.js';
import { withScratchFolder } from './with-scratch-folder.js';

const versionsSchema = z.union([z.string(), z.array(z.string())]);

/**
 * The versions that a package's range or tag stands for, as the registry says now.
 *
 * @throws HeptadError as `runNpm` does
 */
export async function matchingVersions(
  subject: Extract<Subject, { kind: 'npm' }>,
  { scratch, npmCache, signal, heartbeat }: Omit<CaptureOptions, 'store' | 'limits'>,
): Promise<readonly string[]> {
  const cache = npmCache === undefined ? [] : [`--cache=${npmCache}`];
  const spec = `${subject.name}@${subject.version}`;
  const output = await withScratchFolder(scratch, (folder) =>
    runNpm(titleOf(subject), {
      arguments: ['view', ...cache, '--', spec, 'version'],
      folder,
      signal,
      heartbeat,
    }),
  );
  const found = parseJson(
    Buffer.from(output.trim() === '' ? '[]' : output),
    versionsSchema,
    'The output of npm view',
  );
  return typeof found === 'string' ? [found] : found;
}
