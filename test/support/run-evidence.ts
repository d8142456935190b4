import { createHash } from 'node:crypto';
import type { ArtifactRef } from '../../libs/contracts/artifact.js';
import { type PhaseRecord, phaseRecordSchema } from '../../libs/contracts/evidence.js';
import { executionSchema, stagedPackageSchema } from '../../libs/contracts/phase.js';
import { type ValidationReport, validationReportSchema } from '../../libs/contracts/reports/candidate.js';
import {
  type InfrastructureReport,
  infrastructureReportSchema,
} from '../../libs/contracts/reports/infrastructure.js';
import { type MergeReport, mergeReportSchema } from '../../libs/contracts/reports/merge.js';
import { type Judgement, judgementSchema, type Standing } from '../../libs/contracts/reports/synthesis.js';
import type { RunArtifact } from '../../libs/contracts/run.js';
import type { Digest } from '../../libs/protocol/digest.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { type PhaseName, phaseNames } from '../../libs/protocol/phases.js';
import { byMerge } from '../../libs/synthesis/standing-of-merge.js';
import { freshSigner } from './signers.js';

/** Bytes that stand for some content: what matters is that another content has another digest. */
export const digestOf = (content: string): Digest =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

const refOf = (value: unknown): ArtifactRef => {
  const text = JSON.stringify(value);
  return { digest: digestOf(text), size: text.length, mediaType: 'application/json' };
};

const testRun = {
  command: 'mocha test/ejs.js',
  runner: 'mocha',
  tests: [{ name: 'renders', verdict: 'pass' as const }],
  passed: 35,
  failed: 0,
  skipped: 0,
  exitCode: 0,
};

export const standing = (candidate: string, changes: Partial<Standing> = {}): Standing => ({
  candidate,
  item: `improve.${candidate}`,
  strategy: `strategy-${candidate}`,
  agent: `improver-${candidate}`,
  eligible: true,
  reason: 'Its tests pass.',
  fitness: 0.5,
  measurements: {
    findings: { before: 92, after: 62 },
    complexity: { before: 210, after: 204 },
    change: { lines: 120, before: 592 },
    verification: { checks: 4, ok: 4 },
  },
  findings: 62,
  testsPassed: 35,
  testsFailed: 0,
  broken: 0,
  missing: 0,
  linesChanged: 120,
  functionCoverage: 42,
  workspace: digestOf(`workspace ${candidate}`),
  ...changes,
});

/** A judgement over three candidates, of which C is out and B is the best. */
export const judgement: Judgement = judgementSchema.parse({
  kind: 'judgement',
  decision: 'CONDITIONAL_PROCEED',
  criteria: [
    { id: 'licence', says: 'The subject has a licence.', met: false, evidence: 'no field, no file' },
  ],
  warnings: ['Only 42 % of the functions are run by tests.'],
  standings: [
    standing('A', { fitness: 0.31, findings: 71 }),
    standing('B', { fitness: 0.4512, findings: 62 }),
    standing('C', {
      eligible: false,
      fitness: null,
      measurements: null,
      reason: 'It breaks 1 test: renders.',
      testsPassed: 34,
      testsFailed: 1,
      broken: 1,
    }),
  ],
  best: 'B',
} satisfies Judgement);

export const validation: ValidationReport = validationReportSchema.parse({
  kind: 'validation',
  tests: testRun,
  coverage: { lines: 80, functions: 42, branches: null },
  broken: [],
  missing: [],
  findings: { all: 62, byTool: { biome: 50, oxlint: 12 }, byFile: [{ file: 'lib/ejs.js', count: 62 }] },
  change: { files: 3, linesAdded: 70, linesRemoved: 50, largestDeletion: 4 },
  complexity: { before: 210, after: 204 },
  lines: { before: 592, after: 612 },
} satisfies ValidationReport);

const infrastructure: InfrastructureReport = infrastructureReportSchema.parse({
  kind: 'infrastructure',
  environment: { node: '24.21.0', runner: 'mocha', scripts: {}, engines: null },
  baseline: { ...testRun, passed: 35 },
  coverage: { lines: 80, functions: 42, branches: null },
  secrets: [],
  licenses: { declared: null, valid: false, files: [], dependencies: [] },
  findings: [],
} satisfies InfrastructureReport);

const producer = freshSigner('producer');

export const recordOf = (phase: PhaseName, changes: Partial<PhaseRecord> = {}): PhaseRecord =>
  producer.signed(payloadType.record, {
    version: 1,
    run: 'r1',
    tenant: 'local',
    phase,
    round: 1,
    input: {},
    output: null,
    failure: null,
    agents: [],
    attempts: { log: refOf([]), count: 1, unknown: 0 },
    timings: { startedAt: '2026-01-01T12:00:00.000Z', endedAt: '2026-01-01T12:00:06.000Z' },
    verdicts: [{ pass: 'A', passed: true, verdict: digestOf(`verdict ${phase}`) }],
    notRun: [
      { pass: 'B', reason: 'Not built for this phase.' },
      { pass: 'C', reason: 'Not built for this phase.' },
    ],
    faults: [],
    waiver: null,
    previous: null,
    ...changes,
  });

/** How Model D came to be: two parts of B, one that A and C share, and one that is as it was. */
export const merge: MergeReport = mergeReportSchema.parse({
  kind: 'merge',
  seed: digestOf('seed'),
  parents: [],
  parts: [],
  evaluations: [],
  budget: { evaluations: 16 },
  stopped: 'no-better-neighbour',
  result: {
    candidate: 'D',
    workspace: { digest: digestOf('workspace D'), files: 4, bytes: 20_000 },
    fitness: 0.6123,
    measurements: {
      findings: { before: 92, after: 45 },
      complexity: { before: 210, after: 203 },
      change: { lines: 140, before: 592 },
      verification: { checks: 2, ok: 2 },
    },
    validation: refOf(mergedValidation()),
    improved: true,
    says: 'It is better than every candidate.',
    lineage: [
      { part: 'lib/a.js#1', path: 'lib/a.js', from: ['B'] },
      { part: 'lib/a.js#2', path: 'lib/a.js', from: ['B'] },
      { part: 'lib/b.js', path: 'lib/b.js', from: ['C', 'A'] },
      { part: 'lib/c.js', path: 'lib/c.js', from: ['base'] },
    ],
  },
} satisfies MergeReport);

function mergedValidation(): ValidationReport {
  const findings = { all: 45, byTool: { biome: 40, oxlint: 5 }, byFile: [] };
  const change = { files: 3, linesAdded: 80, linesRemoved: 60, largestDeletion: 4 };
  return { ...validation, findings, change, complexity: { before: 210, after: 203 } };
}

/** The judgement of the run with Model D, which is the best then. */
const judgementOfD: Judgement = {
  ...judgement,
  standings: [
    ...judgement.standings,
    standing('D', {
      ...byMerge,
      fitness: merge.result.fitness,
      measurements: merge.result.measurements,
      findings: 45,
      linesChanged: 140,
    }),
  ],
  best: 'D',
};

/** Artifacts of a run that went through all phases, by name, and what is in them by digest. */
export function wholeEvidence(): { artifacts: RunArtifact[]; blobs: Map<string, unknown> } {
  const artifacts: RunArtifact[] = [];
  const blobs = new Map<string, unknown>();
  const put = (name: string, value: unknown): ArtifactRef => {
    const ref = refOf(value);
    blobs.set(ref.digest, value);
    artifacts.push({ name, ...ref, version: 1, latest: true });
    return ref;
  };
  const reports = { infrastructure, 'validate.B': validation };
  const results = Object.entries(reports).map(([item, report]) => ({
    item,
    agent: { id: `agent-of-${item}`, manifest: digestOf(item) },
    outcome: put(`execute/${item}.json`, report),
    measurements: null,
    workspace: null,
    summary: 'done',
    accepted: true,
  }));
  const execution = executionSchema.parse({
    kind: 'execution',
    graph: {
      items: results.map(({ item, agent }) => ({
        id: item,
        title: item,
        category: item.startsWith('validate') ? 'validation' : 'analysis',
        kind: 'agent',
        body: item,
        after: [],
        workspace: item.startsWith('validate') ? 'improve.B' : null,
        candidate: item.startsWith('validate') ? 'B' : null,
        agents: [agent],
        timeoutMs: 1000,
        repairs: null,
      })),
      parallel: 3,
      repairs: 0,
    },
    results,
    unfinished: [],
  });
  const named = (value: unknown): ArtifactRef => {
    const ref = refOf(value);
    blobs.set(ref.digest, value);
    return ref;
  };
  named(mergedValidation());
  const staged = stagedPackageSchema.parse({
    kind: 'package',
    candidate: 'D',
    workspace: merge.result.workspace,
    merge: named(merge),
    judgement: named(judgementOfD),
    insteadOfMerge: null,
    validation: merge.result.validation,
    manifest: refOf('manifest'),
    manifestBinary: refOf('manifest.bin'),
    manifestSchema: refOf('manifest.capnp'),
    files: [],
  });
  const outcomes: Partial<Record<PhaseName, unknown>> = {
    execute: execution,
    verify: judgement,
    deliver: staged,
  };
  for (const phase of phaseNames) {
    const output = phase in outcomes ? put(`${phase}/outcome.json`, outcomes[phase]).digest : null;
    const changes: Partial<PhaseRecord> =
      phase === 'execute'
        ? {
            agents: results.map(({ item, agent, outcome }) => ({
              item,
              agent: agent.id,
              manifest: agent.manifest,
              outcome: outcome.digest,
            })),
            verdicts: (['A', 'B', 'C'] as const).map((pass) => ({
              pass,
              passed: true,
              verdict: digestOf(pass),
            })),
            notRun: [],
          }
        : {};
    put(`${phase}/record.json`, phaseRecordSchema.parse(recordOf(phase, { output, ...changes })));
  }
  return { artifacts, blobs };
}
