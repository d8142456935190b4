import { executeChild, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type {
  AgentActivities,
  CoordinationActivities,
  EvidenceActivities,
  VerificationActivities,
} from '../../libs/contracts/activities.js';
import type { GraphItem, ItemResult } from '../../libs/contracts/graph.js';
import type { PhaseInput } from '../../libs/contracts/phase.js';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
  taskQueue: 'raw',
});

/** One activity: the least that a phase can do. */
export async function rawPhase(): Promise<void> {
  await nothing();
}

/** Seven child workflows in order with one activity each, and nothing else: what a run is measured against. */
export async function rawRun(): Promise<void> {
  for (let phase = 1; phase <= 7; phase += 1) {
    await executeChild(rawPhase, { workflowId: `${workflowInfo().workflowId}/${phase}` });
  }
}

const { runAgent } = proxyActivities<AgentActivities>({
  taskQueue: 'agents',
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '2s',
});

const { judgePhase } = proxyActivities<VerificationActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '2s',
});

const { collectItems, writeRecord } = proxyLocalActivities<CoordinationActivities & EvidenceActivities>({
  startToCloseTimeout: '1 minute',
});

export interface RawItemsInput extends Pick<PhaseInput, 'run'> {
  readonly input: {
    readonly accepted: PhaseInput['input'][string];
    readonly assignment: PhaseInput['input'][string];
  };
  /** Each level needs the one before. */
  readonly levels: readonly (readonly GraphItem[])[];
}

/**
 * Items level by level as somebody would write it who knows them beforehand: the same activities with the same arguments
 * as in the phase execute, and no interpreter.
 */
export async function rawItems({ run, input, levels }: RawItemsInput): Promise<void> {
  const startedAt = now();
  const results: ItemResult[] = [];
  let before: readonly ItemResult[] = [];
  for (const level of levels) {
    const inputs = Object.fromEntries(before.map(({ item, outcome }) => [item, outcome]));
    before = await Promise.all(
      level.flatMap((item) =>
        item.agents
          .slice(0, 1)
          .map((agent) =>
            runAgent.executeWithOptions({ activityId: item.id, startToCloseTimeout: item.timeoutMs }, [
              { run: run.run, item, agent, ...input, workspace: null, inputs },
            ]),
          ),
      ),
    );
    results.push(...before);
  }
  const graph = { items: levels.flat(), parallel: 1, repairs: 0 };
  const { outcome } = await collectItems({ run: run.run, graph, results, unfinished: [] });
  const judged = { run: run.run, phase: 'execute', round: 1, input: { ...input }, output: outcome } as const;
  const verdicts = await Promise.all([
    judgePhase.executeWithOptions({ taskQueue: 'verify-a' }, [{ ...judged, pass: 'A' }]),
    judgePhase.executeWithOptions({ taskQueue: 'verify-b' }, [{ ...judged, pass: 'B' }]),
    judgePhase.executeWithOptions({ taskQueue: 'verify-c' }, [{ ...judged, pass: 'C' }]),
  ]);
  await writeRecord({
    ...judged,
    tenant: run.tenant,
    failure: null,
    verdicts,
    notRun: [],
    waiver: null,
    startedAt,
    endedAt: now(),
    previous: null,
  });
}

const now = (): string => new Date().toISOString();
