import { HeptadError } from '../../../libs/protocol/errors.js';
import { checkRequirements, missing } from '../requirements.mjs';

/**
 * Demands that tools are there which are needed now, after what would have made them needless was tried.
 *
 * @throws HeptadError `SetupIncomplete`, with everything that is missing, not only these
 */
export async function demand(cache: string, tools: readonly string[]): Promise<void> {
  const requirements = await checkRequirements({
    purpose: 'test',
    environment: { ...process.env, HEPTAD_CACHE: cache },
    downloadFailed: true,
  });
  const lacking = requirements.filter(({ name, ok }) => !ok && tools.includes(name));
  if (lacking.length === 0) return;
  throw new HeptadError('SetupIncomplete', missing(lacking), {
    problems: lacking.map(({ name, found, needed, remedy }) => ({
      path: name,
      reason: `${needed} is needed, found ${found}. ${remedy}`,
    })),
  });
}
