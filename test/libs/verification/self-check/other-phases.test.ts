import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mediaType } from '../../../../libs/artifacts/media-types.js';
import { readSnapshot } from '../../../../libs/artifacts/snapshot/read-snapshot.js';
import { Trust } from '../../../../libs/crypto/trust.js';
import { payloadType } from '../../../../libs/protocol/payload-types.js';
import { type PhaseName, phaseNames } from '../../../../libs/protocol/phases.js';
import { failuresOf, judgedPhase } from '../../../support/judged-phase.js';
import { recordOf, recordsOf, verdictOf } from '../../../support/small-records.js';
import { type SmallRun, smallRun } from '../../../support/small-run.js';

type Part = 'accepted' | 'assignment' | 'synthesis' | 'judgement';
const phaseOf = {
  accepted: 'ingest',
  assignment: 'assign',
  synthesis: 'coordinate',
  judgement: 'verify',
} as const;

/** The failed checks of pass A on a changed output of the small run. */
async function failing<Name extends Part>(
  name: Name,
  change: (output: SmallRun[Name], small: SmallRun) => unknown,
) {
  const small = await smallRun();
  return await failuresOf(
    await judgedPhase(small, phaseOf[name], change(structuredClone(small[name]), small)),
  );
}

test.each(Object.keys(phaseOf) as Part[])('a sound output is accepted: %s', async (part) => {
  expect(await failing(part, (output) => output)).toEqual({});
});

describe('of ingest is rejected', () => {
  test('a workspace with a path that leads out', async () => {
    const small = await smallRun();
    const { store, accepted } = small;
    const file = {
      kind: 'file',
      path: '../x',
      executable: false,
      size: 0,
      digest: (await store.put('', mediaType.bytes)).digest,
    };
    const { digest } = await store.putJson({ version: 1, entries: [file] });
    const snapshot = { digest, files: 1, bytes: 0 };
    const failures = await failuresOf(
      await judgedPhase(small, 'ingest', { ...accepted, captured: { ...accepted.captured, snapshot } }),
    );
    expect(failures['snapshot-sound']).toContain('cannot be used');
  });

  test('a workspace with other sums than it states', async () => {
    const failures = await failing('accepted', (accepted) => ({
      ...accepted,
      captured: { ...accepted.captured, snapshot: { ...accepted.captured.snapshot, bytes: 1 } },
    }));
    expect(failures['snapshot-sound']).toContain('not 3 of 1');
  });

  test('a file whose bytes were damaged on disk, at the same size', async () => {
    const small = await smallRun();
    const { entries } = await readSnapshot(small.store, small.captured);
    const [file] = entries.flatMap((entry) => (entry.kind === 'file' ? entry : []));
    const name = file?.digest.slice('sha256:'.length) ?? '';
    const path = join(small.folder, 'artifacts', 'sha256', name.slice(0, 2), name);
    await writeFile(path, 'x'.repeat(file?.size ?? 0));
    const failures = await failuresOf(await judgedPhase(small, 'ingest', small.accepted));
    expect(failures['digests-exist']).toContain('have another digest');
  });

  test('another template than the one that is named', async () => {
    const failures = await failing('accepted', (accepted) => ({
      ...accepted,
      request: { ...accepted.request, template: { ...accepted.request.template, version: '2.0.0' } },
    }));
    expect(failures['template-named']).toContain('not of small-review 2.0.0');
  });

  test('another subject than was asked for', async () => {
    const failures = await failing('accepted', (accepted) => ({
      ...accepted,
      captured: { ...accepted.captured, subject: { kind: 'directory', path: '/else' } },
    }));
    expect(failures).toHaveProperty('subject-same');
  });

  test('a complexity that does not follow from the agents', async () => {
    const failures = await failing('accepted', (accepted) => ({
      ...accepted,
      classification: { ...accepted.classification, complexity: 'simple' },
    }));
    expect(failures['classification-explained']).toContain('5 agents are moderate');
  });

  test('no security check at all', async () => {
    expect(await failing('accepted', (accepted) => ({ ...accepted, checks: [] }))).toHaveProperty(
      'checks-named',
    );
  });

  test('nothing for what a person wrote that looks like a digest', async () => {
    const input = { subject: `sha256:${'0'.repeat(64)}` };
    expect(
      await failing('accepted', (accepted) => ({ ...accepted, request: { ...accepted.request, input } })),
    ).toEqual({});
  });
});

describe('of assign is rejected', () => {
  test('an item without an agent', async () => {
    const failures = await failing('assignment', (assignment) => ({
      ...assignment,
      graph: {
        ...assignment.graph,
        items: assignment.graph.items.map((item) => (item.id === 'code' ? { ...item, agents: [] } : item)),
      },
    }));
    expect(failures['graph-sound']).toContain('code has no agent');
  });

  test('a graph whose items wait for each other', async () => {
    const failures = await failing('assignment', (assignment) => ({
      ...assignment,
      graph: {
        ...assignment.graph,
        items: assignment.graph.items.map((item) =>
          item.id === 'code' ? { ...item, after: ['checkpoint'] } : item,
        ),
      },
    }));
    expect(failures['graph-sound']).toContain('wait for each other');
  });

  test('an agent without the capability, under a manifest of its own', async () => {
    const failures = await failing('assignment', (assignment) => {
      const other = assignment.items.find(({ item }) => item === 'architecture')?.agents ?? [];
      const items = assignment.items.map((one) => (one.item === 'code' ? { ...one, agents: other } : one));
      const graph = {
        ...assignment.graph,
        items: assignment.graph.items.map((one) => (one.id === 'code' ? { ...one, agents: other } : one)),
      };
      return { ...assignment, items, graph };
    });
    expect(failures['items-assigned']).toContain('does not have the capability do.code');
  });

  test('the manifest of another agent', async () => {
    const failures = await failing('assignment', (assignment) => {
      const manifest = assignment.items.find(({ item }) => item === 'architecture')?.agents[0]?.manifest;
      const swapped = (agents: readonly { id: string }[]) => agents.map((agent) => ({ ...agent, manifest }));
      const items = assignment.items.map((one) =>
        one.item === 'code' ? { ...one, agents: swapped(one.agents) } : one,
      );
      const graph = {
        ...assignment.graph,
        items: assignment.graph.items.map((one) =>
          one.id === 'code' ? { ...one, agents: swapped(one.agents) } : one,
        ),
      };
      return { ...assignment, items, graph };
    });
    expect(failures['items-assigned']).toContain('is that of agent.architecture');
  });

  test('a probe that failed', async () => {
    const failures = await failing('assignment', (assignment) => ({
      ...assignment,
      probes: [{ driver: 'command', ok: false, sandbox: null, says: 'No such program.' }],
    }));
    expect(failures['probes-passed']).toContain('No such program');
  });
});

describe('of coordinate is rejected', () => {
  test('a result that was not taken in', async () => {
    const failures = await failing('synthesis', (synthesis) => ({
      ...synthesis,
      inputs: synthesis.inputs.slice(1),
    }));
    expect(failures['inputs-are-results']).toContain('was not taken in');
  });

  test('a result that was taken in twice', async () => {
    const failures = await failing('synthesis', (synthesis) => ({
      ...synthesis,
      inputs: [...synthesis.inputs, ...synthesis.inputs.slice(0, 1)],
    }));
    expect(failures['adds-up']).toContain('is named twice');
  });

  test('another outcome than the one that was handed on', async () => {
    const failures = await failing('synthesis', (synthesis, { refs }) => ({
      ...synthesis,
      inputs: synthesis.inputs.map((input, index) =>
        index === 0 ? { ...input, outcome: refs.request.digest } : input,
      ),
    }));
    expect(failures['inputs-are-results']).toContain('is not the one that execute handed on');
  });

  test('a conflict left open that does not block', async () => {
    const failures = await failing('synthesis', (synthesis) => ({
      ...synthesis,
      synthesis: {
        ...synthesis.synthesis,
        conflicts: [{ between: ['code'], about: 'lines', severity: 'minor', resolution: null }],
      },
    }));
    expect(failures).toHaveProperty('conflicts-settled');
  });
});

describe('of verify is rejected', () => {
  test('a decision that its criteria do not carry', async () => {
    const failures = await failing('judgement', (judgement) => ({
      ...judgement,
      criteria: judgement.criteria.map((criterion, index) => ({ ...criterion, met: index > 0 })),
    }));
    expect(failures['decision-follows']).toContain('make it BLOCK');
  });

  test('a decision that its warnings do not carry', async () => {
    const failures = await failing('judgement', (judgement) => ({ ...judgement, warnings: ['a', 'b', 'c'] }));
    expect(failures['decision-follows']).toContain('make it CONDITIONAL_PROCEED');
  });

  test('another candidate than the best', async () => {
    const failures = await failing('judgement', (judgement) => ({ ...judgement, best: 'B' }));
    expect(failures['best-follows']).toContain('The best eligible candidate is A');
  });

  test('a standing with another measure than execute has', async () => {
    const failures = await failing('judgement', (judgement) => ({
      ...judgement,
      standings: judgement.standings.map((one) => ({ ...one, testsPassed: one.testsPassed + 1 })),
    }));
    expect(failures['standings-measured']).toContain('testsPassed 3; measured is 2');
  });

  test('a standing left out', async () => {
    const failures = await failing('judgement', (judgement) => ({
      ...judgement,
      standings: judgement.standings.filter(({ candidate }) => candidate === 'A'),
    }));
    expect(failures['standings-measured']).toContain('improve-b was measured, but has no standing');
  });
});

describe('of conclude is rejected', () => {
  const agent = {
    agent: 'agent.code',
    executions: 2,
    failures: 1,
    recent: { executions: 2, failures: 1 },
    health: 'degraded',
  };
  const completed = async (
    small: SmallRun,
    phases: readonly PhaseName[],
    changes: Parameters<typeof recordsOf>[2] = {},
  ) => {
    const input = await recordsOf(small, phases, changes);
    const conclusion = {
      kind: 'conclusion',
      phases: phaseNames.map((phase) => ({
        phase,
        state: input[phase] ? 'completed' : 'not-started',
        record: input[phase]?.digest ?? null,
      })),
      failure: null,
      agents: [agent],
      cleaned: { scratchFolders: 0 },
    };
    return { input, conclusion };
  };
  const before = phaseNames.slice(0, 6);

  test('nothing, where all seven phases are accounted for', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before);
    expect(await failuresOf(await judgedPhase(small, 'conclude', conclusion, input))).toEqual({});
  });

  test('a phase that is left out', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before);
    const without = { ...conclusion, phases: conclusion.phases.filter(({ phase }) => phase !== 'verify') };
    const failures = await failuresOf(await judgedPhase(small, 'conclude', without, input));
    expect(failures).toHaveProperty('phases-accounted');
    expect(failures['records-match']).toContain('The record of verify is left out');
  });

  test('the record of another run', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before, { assign: { run: 'another' } });
    const failures = await failuresOf(await judgedPhase(small, 'conclude', conclusion, input));
    expect(failures['records-match']).toContain('The record of assign is that of assign of the run another');
  });

  test('a record with a verdict that was given elsewhere', async () => {
    const small = await smallRun();
    const { digest } = await small.store.putJson(verdictOf(small, 'assign', { run: 'another' }));
    const verdicts = [{ pass: 'A' as const, passed: true, verdict: digest }];
    const { input, conclusion } = await completed(small, before, { assign: { verdicts } });
    const failures = await failuresOf(await judgedPhase(small, 'conclude', conclusion, input));
    expect(failures['records-match']).toContain("The verdict's run is another");
  });

  test('a verdict that the producer signed', async () => {
    const small = await smallRun();
    const { signature: _, ...verdict } = verdictOf(small, 'assign');
    const forged = small.signers.producer.signed(payloadType.verdict, verdict);
    const { digest } = await small.store.putJson(forged);
    const verdicts = [{ pass: 'A' as const, passed: true, verdict: digest }];
    const { input, conclusion } = await completed(small, before, { assign: { verdicts } });
    const failures = await failuresOf(await judgedPhase(small, 'conclude', conclusion, input));
    expect(failures['records-match']).toContain('It is signed by producer, not by verifier.a');
  });

  test('a record that a verifier signed', async () => {
    const small = await smallRun();
    const { signature: _, ...record } = await recordOf(small, 'deliver', {
      previous: (await recordsOf(small, before)).verify?.digest ?? null,
    });
    const forged = await small.store.putJson(small.signers['verifier.a'].signed(payloadType.record, record));
    const { input, conclusion } = await completed(small, before);
    const phases = conclusion.phases.map((one) =>
      one.phase === 'deliver' ? { ...one, record: forged.digest } : one,
    );
    const failures = await failuresOf(
      await judgedPhase(small, 'conclude', { ...conclusion, phases }, { ...input, deliver: forged }),
    );
    expect(failures['records-match']).toContain('It is signed by verifier.a, not by producer');
  });

  test('a record signed with a key that was revoked', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before);
    const revoked = new Trust(
      small.trust.keys.map((key) =>
        key.identity === 'producer' ? { ...key, revoked: { at: key.since, reason: 'It was stolen.' } } : key,
      ),
    );
    const judged = await judgedPhase(small, 'conclude', conclusion, input);
    const failures = await failuresOf({ ...judged, trust: async () => revoked });
    expect(failures['records-match']).toContain('was revoked: It was stolen.');
  });

  test('a record that does not follow the one before', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before, { coordinate: { previous: null } });
    const failures = await failuresOf(await judgedPhase(small, 'conclude', conclusion, input));
    expect(failures['records-chained']).toContain('The record of coordinate, round 1: It names none');
  });

  test('a health that does not follow from its tally', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before);
    const agents = [{ ...agent, health: 'healthy' }];
    const failures = await failuresOf(await judgedPhase(small, 'conclude', { ...conclusion, agents }, input));
    expect(failures['agents-counted']).toContain('agent.code is degraded by its tally');
  });

  test('a failure that the account does not tell', async () => {
    const small = await smallRun();
    const { input, conclusion } = await completed(small, before);
    const phases = conclusion.phases.map((one) =>
      one.phase === 'deliver' ? { ...one, state: 'failed' } : one,
    );
    const failures = await failuresOf(await judgedPhase(small, 'conclude', { ...conclusion, phases }, input));
    expect(failures).toHaveProperty('failure-told');
  });
});
