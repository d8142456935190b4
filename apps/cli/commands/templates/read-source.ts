import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { callerFolder } from '../../../../libs/config/caller-folder.js';
import { HeptadError } from '../../../../libs/protocol/errors.js';
import { largestTemplate } from '../../../../libs/templates/check/read-text.js';

/**
 * The text of a template in a file; a path is relative to where the command was typed.
 *
 * @throws HeptadError `UsageInvalid` the file cannot be read, or is too large to be a template
 */
export async function readSource(file: string): Promise<string> {
  try {
    const path = resolve(callerFolder(), file);
    // One byte more is enough to be refused with the sentence that is meant for it.
    if ((await stat(path)).size > largestTemplate)
      throw new Error(`it is larger than ${largestTemplate} bytes`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeptadError('UsageInvalid', `The file ${file} cannot be read: ${reason}.`, { cause });
  }
}
