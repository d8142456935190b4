import { z } from 'zod';
import type { AgentManifest, AgentRun } from '../contracts/agent.js';
import type { SandboxProfile } from '../sandbox/sandbox.js';

const askedSchema = z.object({ limits: z.object({ wallMs: z.int().positive() }) });

/**
 * What an execution may use: the manifest's profile, lowered to the budget of its item, and never raised. An item may
 * also ask for less time with the parameter `limits.wallMs`.
 */
export function profileOf(
  { profile }: Pick<AgentManifest, 'profile'>,
  { budget = {}, parameters }: Pick<AgentRun, 'budget' | 'parameters'>,
): SandboxProfile {
  const asked = askedSchema.safeParse(parameters);
  const times = [profile.wallMs, ...(budget.wallMs === undefined ? [] : [budget.wallMs])];
  return {
    ...profile,
    memoryBytes: Math.min(profile.memoryBytes, budget.memoryBytes ?? profile.memoryBytes),
    wallMs: Math.min(...times, ...(asked.success ? [asked.data.limits.wallMs] : [])),
    ...(budget.cpuPercent === undefined ? {} : { cpuPercent: budget.cpuPercent }),
  };
}
