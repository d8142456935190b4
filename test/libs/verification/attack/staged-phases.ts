import type { Conclusion, NamedRefs } from '../../../../libs/contracts/phase.js';

import { assemblePackage } from '../../../../libs/packaging/assemble.js';

import { type PhaseName, phaseNames } from '../../../../libs/protocol/phases.js';
import type { Judged } from '../../../../libs/verification/judged.js';
import { inputsOf, judgedPhase } from '../../../support/judged-phase.js';
import {
  digestsOf,
  recordIn,
  recordOf,
  type SmallDelivery,
  smallDelivery,
} from '../../../support/small-delivery.js';
import type { SmallRun } from '../../../support/small-run.js';

/** What each phase of a small run stages, as a pass gets it. */
export const stagedBy: Readonly<Record<PhaseName, (small: SmallRun) => Promise<Judged>>> = {
  ingest: (small) => judgedPhase(small, 'ingest', small.accepted),
  assign: (small) => judgedPhase(small, 'assign', small.assignment),
  execute: (small) => judgedPhase(small, 'execute', small.execution),
  coordinate: (small) => judgedPhase(small, 'coordinate', small.synthesis),
  verify: (small) => judgedPhase(small, 'verify', small.judgement),
  deliver: async (small) => {
    const delivery = await smallDelivery(small);
    return await judgedPhase(small, 'deliver', await assembled(delivery), delivery.input);
  },
  conclude: async (small) => await concluded(small, await smallDelivery(small)),
};

export const assembled = ({ small, input, merged }: SmallDelivery) =>
  assemblePackage(small.store, { run: small.run, input, merged });

const failure = { code: 'AgentFailed', message: 'An agent failed.' };

interface Ending {
  /** The phase that failed; none where all went well. */
  readonly failed?: PhaseName;
}

/** The conclusion of a run of which six phases wrote a record, or as many as there were until one failed. */
export async function concluded(
  small: SmallRun,
  delivery: SmallDelivery,
  { failed }: Ending = {},
): Promise<Judged> {
  const last = failed ?? 'deliver';
  const before = phaseNames.slice(0, phaseNames.indexOf(last));
  const records: NamedRefs = Object.fromEntries(before.map((phase) => [phase, recordIn(delivery, phase)]));
  const written: NamedRefs = {
    ...records,
    [last]: await recordOf(small, {
      phase: last,
      input: digestsOf(inputsOf(small, records)[last]),
      output: small.refs.request.digest,
      previous: records[before.at(-1) ?? ''] ?? null,
      ...(failed ? { changes: { failure } } : {}),
    }),
  };
  const conclusion: Conclusion = {
    kind: 'conclusion',
    phases: phaseNames.map((phase) => {
      const record = written[phase]?.digest ?? null;
      const state = record === null ? 'not-started' : phase === failed ? 'failed' : 'completed';
      return { phase, state, record };
    }),
    failure: failed ? failure : null,
    agents: ['agent.code', 'agent.improve-a'].map((agent) => ({
      agent,
      executions: 2,
      failures: 1,
      recent: { executions: 2, failures: 1 },
      health: 'degraded',
    })),
    cleaned: { scratchFolders: 0 },
  };
  return await judgedPhase(small, 'conclude', conclusion, written);
}
