import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../artifacts/if-there.js';
import type { AgentManifest } from '../contracts/agent.js';
import { HeptadError } from '../protocol/errors.js';
import type { MicroProgram } from '../segments/execute-inputs.js';

/**
 * The program of a micro agent, with the limits of its manifest.
 *
 * @param programsFolder the folder of the built programs; those of micro agents are in `micro`
 * @throws HeptadError `AgentUnknown` it is no micro agent, or there is no such program; `IntegrityMismatch` the program is not
 *   the one that the manifest pins
 */
export async function readMicroProgram(
  programsFolder: string,
  { id, driver, profile }: Pick<AgentManifest, 'id' | 'driver' | 'profile'>,
): Promise<MicroProgram> {
  if (driver.kind !== 'micro') throw new HeptadError('AgentUnknown', `${id} is no micro agent.`);
  const path = join(programsFolder, 'micro', `${driver.program}.js`);
  const bytes = await ifThere(readFile(path));
  if (!bytes) throw new HeptadError('AgentUnknown', `The program ${driver.program} of ${id} is not there.`);
  if (createHash('sha256').update(bytes).digest('hex') !== driver.source)
    throw new HeptadError(
      'IntegrityMismatch',
      `The program ${driver.program} is not the one that the manifest of ${id} pins.`,
    );
  const { memoryBytes, wallMs, outputBytes } = profile;
  const { interrupts, stackBytes, outcome } = driver;
  return {
    id,
    source: bytes.toString('utf8'),
    limits: { memoryBytes, stackBytes, interrupts, wallMs, outputBytes },
    outcome,
  };
}
