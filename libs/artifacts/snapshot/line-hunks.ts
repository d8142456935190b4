import { isLong } from '../../threads/is-long.js';
import { runInThread } from '../../threads/run-in-thread.js';
import { compareAlike, compareTexts, compareTextsModule, type TextChange } from './compare-texts.js';

/** So many edits are found within some 20 ms in texts that are not long. */
const fewEdits = 500;

/**
 * The hunks that turn one text into another, as {@link compareTexts} gives them. What takes long is done in a thread.
 *
 * @param signal ends the work when it fires
 */
export async function lineHunks(change: TextChange, signal?: AbortSignal): Promise<string> {
  const quick = isLong(change.before, change.after) ? undefined : compareAlike(change, fewEdits);
  return quick ?? (await runInThread(compareTexts, compareTextsModule, change, signal));
}
