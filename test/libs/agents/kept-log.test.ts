import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runAgent } from '../../../libs/agents/run-agent.js';
import type { ArtifactStore } from '../../../libs/artifacts/artifact-store.js';
import { artifactRefSchema } from '../../../libs/contracts/artifact.js';
import type { Advance } from '../../../libs/evidence/progress.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { commandAgent } from '../../support/command-agent.js';
import { type SmallRun, smallRun } from '../../support/small-run.js';
import { host } from '../sandbox/sandbox-fixture.js';

const lines = Array.from({ length: 400 }, (_, number) => `step ${number + 1} of 400`);
const says = 'for i in $(seq 400); do echo "step $i of 400" >&2; done';
const answers = `${says}; echo '{"status":"done","outcome":{}}'`;
const fails = `${says}; exit 3`;

let small: SmallRun;
let store: ArtifactStore;
beforeEach(async () => {
  small = await smallRun();
  store = small.store;
});

async function executed(command: string, parameters: Record<string, unknown>) {
  const steps: Advance[] = [];
  const manifest = commandAgent({ id: 'talker', capability: 'talk', outcome: {}, command });
  const result = await runAgent({
    ...{ store, manifest, sandboxHost: host, scratch: small.folder, cache: join(small.folder, 'cache') },
    ...{ toolsFolder: join(small.folder, 'tools'), programsFolder: join(small.folder, 'programs') },
    run: {
      ...{ run: small.run, item: 'talk', agent: small.captured.digest, agentId: manifest.id },
      ...{ workspace: small.captured, parameters, inputs: {} },
    },
    onAdvance: async (step) => void steps.push(step),
  }).catch((error: unknown) => error);
  return { result, named: steps.flatMap(({ effects = [] }) => effects) };
}

async function linesOf(digest: Digest | undefined): Promise<string[]> {
  if (digest === undefined) throw new Error('Nothing was kept.');
  return (await store.get(digest)).toString().trim().split('\n');
}

async function measured(command: string, parameters: Record<string, unknown>) {
  const { result, named } = await executed(command, parameters);
  const { measurements } = z.looseObject({ measurements: artifactRefSchema }).parse(result);
  const { digest } = measurements;
  return { named, ...(await store.getJson(digest, z.looseObject({ log: artifactRefSchema.optional() }))) };
}

describe('an agent that is executed to find out why it failed', () => {
  test('has every line of its standard error kept with its measurements', async () => {
    const { log, named } = await measured(answers, { log: true });
    expect(log).toMatchObject({ mediaType: expect.stringContaining('text/plain') });
    expect(await linesOf(log?.digest)).toEqual(lines);
    expect(named).toEqual([log?.digest]);
  });

  test('has it kept where it fails again, too, and a step says where', async () => {
    const { result, named } = await executed(fails, { log: true });
    expect(result).toMatchObject({ code: 'AgentFailed' });
    expect(named).toHaveLength(1);
    expect(await linesOf(named[0])).toEqual(lines);
  });

  test('has it kept where its time is over', async () => {
    const { result, named } = await executed(`${says}; sleep 600`, { log: true, limits: { wallMs: 1500 } });
    expect(result).toMatchObject({ code: 'SandboxLimit' });
    expect(await linesOf(named[0])).toEqual(lines);
  });
});

describe('an agent that is executed plainly', () => {
  test('has nothing of its standard error kept where it succeeds', async () => {
    const measurements = await measured(answers, {});
    expect(measurements).not.toHaveProperty('log');
    expect(measurements.named).toEqual([]);
  });

  test('has only the end of it told where it fails', async () => {
    const { result, named } = await executed(fails, {});
    if (!(result instanceof HeptadError)) throw new Error('It has not failed.');
    expect(result.message).toMatch(/step 399 of 400\nstep 400 of 400$/);
    expect(result.message).not.toContain('step 1 of 400\n');
    expect(result.message.length).toBeLessThan(1200);
    expect(named).toEqual([]);
  });
});
