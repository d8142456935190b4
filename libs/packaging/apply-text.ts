import { isLong } from '../threads/is-long.js';
import { runInThread } from '../threads/run-in-thread.js';
import { type Applied, applySection, applySectionModule, type TextAndSection } from './apply-section.js';

/**
 * Does what {@link applySection} does, in a thread where it takes long.
 *
 * @param signal ends the work when it fires
 */
export async function applyText(input: TextAndSection, signal?: AbortSignal): Promise<Applied> {
  if (!isLong(input.text, input.section)) return applySection(input);
  return await runInThread(applySection, applySectionModule, input, signal);
}
