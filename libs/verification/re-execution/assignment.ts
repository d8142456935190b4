import { type Driver, drivers, startDriver } from '../../agents/start-driver.js';
import { readResumption } from '../../continuation/resumed.js';
import { type Assignment, acceptedRequestSchema, assignmentSchema } from '../../contracts/phase.js';
import { templateSchema } from '../../contracts/template.js';
import { errors, HeptadError } from '../../protocol/errors.js';
import { assignedAgents } from '../../registry/assigned-agents.js';
import { withControlFiles } from '../../registry/control-file-items.js';
import { plannedWork } from '../../registry/planned-work.js';
import { readControlFiles } from '../../registry/read-control-files.js';
import { readTestPlan } from '../../registry/read-test-plan.js';
import { roster as shipped } from '../../roster/roster.js';
import { noteSandbox } from '../../temporal/attempt-notes.js';
import type { CheckList } from '../check-list.js';
import type { Judged } from '../judged.js';
import { readInput } from '../read-input.js';
import { type CleanRoom, type Repetition, settled } from './clean-room.js';
import { sameOutcome } from './same-outcome.js';

/**
 * Pass B of assign: agents are chosen again by the health that is written down, the test plan is made where tests are run, and the work is
 * planned again, and each driver is started in the verifier's own sandbox. The installed packages, which pass A compares
 * with their lock, what confined the producer's probes, and what its machine has, are taken as given.
 */
export const assignAgain: Repetition = async (judged, checks, room) => {
  const { store } = judged;
  const { roster = shipped } = room;
  const staged = await checks.attempt('output-read', 'The output could be read.', () =>
    store.getJson(judged.output.digest, assignmentSchema),
  );
  if (!staged) return settled;
  const planned = await checks.attempt(
    'planned-again',
    'Agents were chosen and the work was planned again.',
    async (problems) => {
      const { request, captured, classification } = await readInput(
        judged,
        'accepted',
        acceptedRequestSchema,
      );
      const template = await store.getJson(request.template.digest, templateSchema);
      const { health, probes, dependencies, capacity } = staged;
      const known = roster.map(({ id }) => id).sort();
      if (Object.keys(health).sort().join() !== known.join())
        problems.push(`The health is not stated of each agent, which are ${known.join(', ')}.`);
      const { assigned, manifests } = assignedAgents({
        template,
        layers: classification.layers,
        roster,
        health,
      });
      const { test } = template.tests
        ? await readTestPlan(store, captured.snapshot, request.test)
        : { test: null };
      if (template.tests && !dependencies) problems.push('Nothing is installed to run the tests with.');
      const resumption = await readResumption(store, request);
      const again = planOf({
        template,
        input: request.input,
        assigned,
        manifests: new Map([...manifests.values()].map((manifest) => [manifest.id, manifest])),
        environment: { test, dependencies: template.tests ? dependencies : null },
        probes,
        resumption,
        capacity,
      });
      const files = resumption?.how === 'continue' ? [] : await readControlFiles(store, captured.snapshot);
      return withControlFiles(again, template, files);
    },
  );
  await probeAgain(judged, checks, room, staged);
  if (planned) await sameOutcome(judged, checks, planned);
  return settled;
};

/** That no driver started is what the producer says, not what the verifier lacks. */
function planOf(planning: Parameters<typeof plannedWork>[0]): Assignment {
  try {
    return plannedWork(planning);
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'SandboxUnavailable')
      throw new HeptadError('NoAgent', error.message, { problems: error.problems, cause: error });
    throw error;
  }
}

async function probeAgain(
  { store, run }: Judged,
  checks: CheckList,
  room: CleanRoom,
  { probes }: Assignment,
): Promise<void> {
  // Each has ended before the first failure is thrown: none may go on when the verdict is not given.
  const settledProbes = await Promise.allSettled(
    drivers.map((driver) => startAgain(driver, { ...room, store, run })),
  );
  const started = settledProbes.map((probe) => {
    if (probe.status === 'rejected') throw probe.reason;
    return probe.value;
  });
  const stated = new Map<string, boolean>(probes.map(({ driver, ok }) => [driver, ok]));
  checks.problems(
    'probed-again',
    `${started.map(({ driver }) => driver).join(', ')}: started again in the verifier's own sandbox.`,
    [
      ...started.flatMap(({ driver, ok, says }) =>
        stated.get(driver) === ok ? [] : [`The driver ${driver} was stated otherwise than it is: ${says}.`],
      ),
      ...probes
        .filter(({ driver }, index) => probes.findIndex((other) => other.driver === driver) !== index)
        .map(({ driver }) => `The driver ${driver} is stated twice.`),
    ],
  );
}

interface Started {
  readonly driver: Driver;
  readonly ok: boolean;
  readonly says: string;
}

async function startAgain(driver: Driver, start: Parameters<typeof startDriver>[1]): Promise<Started> {
  try {
    noteSandbox(await startDriver(driver, start));
    return { driver, ok: true, says: 'it starts' };
  } catch (error) {
    const own =
      !(error instanceof HeptadError) || errors[error.code].retryable || error.code === 'SandboxUnavailable';
    if (own) throw error;
    return { driver, ok: false, says: error.message };
  }
}
