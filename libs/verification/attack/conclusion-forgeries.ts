import { type Conclusion, conclusionSchema } from '../../contracts/phase.js';
import { healthOf } from '../../evidence/agent-health.js';
import { changing, type Forgery, forgeriesOf, inventing, withFirst } from './forgery.js';
import { namedRecordForgeries } from './named-record-forgeries.js';

type Account = Conclusion['phases'][number];

const withPhases = (conclusion: Conclusion, phases: readonly unknown[] | undefined): unknown =>
  phases && { ...conclusion, phases };

const withAgents = (conclusion: Conclusion, agents: readonly unknown[] | undefined): unknown =>
  agents && { ...conclusion, agents };

const hasRecord = ({ record }: Account): boolean => record !== null;

const forgeries: readonly Forgery<Conclusion>[] = [
  changing('phase-dropped', (conclusion) => withPhases(conclusion, conclusion.phases.slice(1))),
  changing('phase-twice', (conclusion) =>
    withPhases(conclusion, [...conclusion.phases.slice(0, 1), ...conclusion.phases.slice(0, 6)]),
  ),
  changing('phases-reordered', (conclusion) => withPhases(conclusion, conclusion.phases.toReversed())),
  changing('state-turned', (conclusion) =>
    withPhases(
      conclusion,
      withFirst(conclusion.phases, (one) => ({ ...one, state: 'failed' }), hasRecord),
    ),
  ),
  changing('phase-called-completed', (conclusion) =>
    withPhases(
      conclusion,
      withFirst(
        conclusion.phases,
        (one) => ({ ...one, state: 'completed' }),
        ({ phase, state }) => state !== 'completed' && phase !== 'deliver',
      ),
    ),
  ),
  changing('record-hidden', (conclusion) =>
    withPhases(
      conclusion,
      withFirst(conclusion.phases, (one) => ({ ...one, record: null }), hasRecord),
    ),
  ),
  changing('records-swapped', (conclusion) => {
    const [one, other] = conclusion.phases.filter(hasRecord);
    if (!one || !other) return undefined;
    return withPhases(
      conclusion,
      conclusion.phases.map((phase) => {
        if (phase === one) return { ...one, record: other.record };
        return phase === other ? { ...other, record: one.record } : phase;
      }),
    );
  }),
  changing('record-of-nothing', (conclusion) =>
    withPhases(
      conclusion,
      withFirst(conclusion.phases, (one) => ({ ...one, record: `sha256:${'0'.repeat(64)}` }), hasRecord),
    ),
  ),
  changing('failure-hidden', (conclusion) =>
    conclusion.failure === null ? undefined : { ...conclusion, failure: null },
  ),
  inventing('failure-invented', (conclusion) =>
    conclusion.failure === null
      ? { ...conclusion, failure: { code: 'AgentFailed', message: 'It failed.' } }
      : undefined,
  ),
  inventing('failure-of-another-code', (conclusion) =>
    conclusion.failure === null
      ? undefined
      : { ...conclusion, failure: { ...conclusion.failure, code: 'Another' } },
  ),
  changing('agent-failed-more-often-than-executed', (conclusion) =>
    withAgents(
      conclusion,
      withFirst(conclusion.agents, (agent) => ({ ...agent, failures: agent.executions + 1 })),
    ),
  ),
  changing('agent-called-otherwise-than-its-tally', (conclusion) =>
    withAgents(
      conclusion,
      withFirst(conclusion.agents, (agent) => ({
        ...agent,
        health: agent.health === 'failing' ? 'healthy' : 'failing',
      })),
    ),
  ),
  changing('agent-with-negative-failures', (conclusion) =>
    withAgents(
      conclusion,
      withFirst(conclusion.agents, (agent) => ({ ...agent, failures: -1 })),
    ),
  ),
  inventing('agent-executed-more-often', (conclusion) =>
    withAgents(
      conclusion,
      withFirst(conclusion.agents, ({ recent, ...agent }) => ({
        ...agent,
        executions: agent.executions + 1,
        recent: { ...recent, executions: Math.max(recent.executions, agent.executions + 1) },
        health: healthOf({ ...recent, executions: Math.max(recent.executions, agent.executions + 1) }),
      })),
    ),
  ),
  inventing('agent-called-healthy', (conclusion) =>
    withAgents(
      conclusion,
      withFirst(
        conclusion.agents,
        (agent) => ({
          ...agent,
          failures: 0,
          recent: { ...agent.recent, failures: 0 },
          health: 'healthy',
        }),
        ({ failures }) => failures > 0,
      ),
    ),
  ),
  inventing('agent-left-out', (conclusion) =>
    conclusion.agents.length > 0 ? withAgents(conclusion, conclusion.agents.slice(1)) : undefined,
  ),
  inventing('agent-invented', (conclusion) =>
    withAgents(conclusion, [
      ...conclusion.agents,
      {
        agent: 'somebody.else',
        executions: 1,
        failures: 0,
        recent: { executions: 1, failures: 0 },
        health: 'healthy',
      },
    ]),
  ),
];

/** Forgeries of what conclude stages. */
export const conclusionForgeries = forgeriesOf(conclusionSchema, [...forgeries, ...namedRecordForgeries]);
